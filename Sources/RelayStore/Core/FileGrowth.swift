internal import Glibc
internal import RelayModel
internal import RelayThreads
internal import Synchronization

/// Keeps the data file longer than LMDB has come, by writing zeros beyond its last page from a thread of
/// its own.
///
/// A commit that makes the file longer costs a commit of the filesystem's journal too; one that writes
/// where zeros were does not, and needs no new room on the disk either: what lies ahead is the reserve
/// with which executions still end when the disk is full. LMDB bears a file that is longer than its last
/// page.
///
/// The one thing that must not happen is a zero over a page: so zeros are only ever written at the file's
/// end, in short turns that exclude the commit, which is the only other writer. That lock is held across
/// a write on purpose.
final class FileGrowth: Sendable {
  /// How far ahead the file is to be.
  let step: Int
  private let limit: Int
  private let path: String
  private let failure: StoreFailure
  private let turn = Mutex(())
  private let state = Mutex(State())
  private let work = Semaphore()
  private let thread = Mutex<NamedThread?>(nil)

  private struct State {
    /// Raised when another file takes the place of this one.
    var generation = 0
    var used = 0
    var size = 0
    var stops = false
    var sleeps = true
    /// Why the file could not be made longer the last time.
    var refusal: StoreError?
  }

  /// Bytes written in one turn, and between two flushes.
  private static let turnBytes = 256 << 10
  private static let flushBytes = 4 << 20

  init(path: String, step: ByteCount, limit: ByteCount, failure: StoreFailure) {
    self.path = path
    self.failure = failure
    self.step = min(step.bytes, limit.bytes)
    self.limit = limit.bytes
  }

  /// Starts the thread. A step of zero leaves all growth to the commits.
  func start(used: Int) {
    guard step > 0 else { return }
    state.withLock { $0.used = used }
    thread.withLock { $0 = NamedThread("petrel-grow") { [self] in run() } }
    wake()
  }

  func stop() {
    state.withLock { $0.stops = true }
    work.signal()
    if let thread = thread.withLock({ $0.take() }) { thread.join() }
  }

  /// Runs a commit while nobody writes zeros.
  func excluding(_ commit: () -> Int32) -> Int32 { turn.withLock { _ in commit() } }

  /// Puts another file in the place of this one.
  func pausing(_ exchange: () throws(StoreError) -> Void) throws(StoreError) {
    try turn.withLock { _ throws(StoreError) in
      defer { state.withLock { $0.generation += 1 } }
      try exchange()
    }
  }

  /// The committer, after a commit: LMDB has come as far as `used` bytes.
  func committed(used: Int) {
    let isShort = state.withLock { state in
      state.used = used
      return state.size - used < step / 2 && state.size < limit
    }
    if isShort { wake() }
  }

  /// Why the disk has no room for what is new, or that it fails; nil while neither is so, or while enough lies
  /// ahead. Asking also tries again.
  var refusal: StoreError? {
    guard step > 0 else { return nil }
    let (why, ahead) = state.withLock { ($0.refusal, $0.size - $0.used) }
    guard let why else { return nil }
    wake()
    return ahead < step / 2 ? why : nil
  }

  private func wake() {
    let wasAsleep = state.withLock { state in
      defer { state.sleeps = false }
      return state.sleeps
    }
    if wasAsleep { work.signal() }
  }

  // MARK: The thread

  private func run() {
    let zeros = [UInt8](repeating: 0, count: Self.turnBytes)
    while true {
      work.wait()
      if state.withLock({ $0.stops }) { return }
      let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
      if descriptor >= 0 {
        extend(descriptor, state.withLock { $0.generation }, zeros)
        close(descriptor)
      }
      state.withLock { $0.sleeps = true }
    }
  }

  /// Writes until the file is a step ahead, or the disk refuses.
  private func extend(_ descriptor: Int32, _ generation: Int, _ zeros: [UInt8]) {
    var unflushed = 0
    while true {
      let written = turn.withLock { _ in
        state.withLock { $0.generation } == generation ? writeOnce(descriptor, zeros) : 0
      }
      guard let written else { break }
      unflushed += written
      if unflushed >= Self.flushBytes || written == 0 {
        // A failure here shows at the next commit too, where it counts.
        _ = fdatasync(descriptor)
        unflushed = 0
      }
      if written == 0 || state.withLock({ $0.stops }) { break }
    }
  }

  /// One turn. Zero when the file is long enough, nil when the disk refuses.
  private func writeOnce(_ descriptor: Int32, _ zeros: [UInt8]) -> Int? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return note(failure: errno, size: nil) }
    let size = Int(status.st_size)
    let wanted = min(state.withLock { $0.used } + step, limit)
    guard size < wanted else {
      _ = note(failure: nil, size: size)
      return 0
    }
    let count = min(zeros.count, limit - size)
    let written = unsafe zeros.withUnsafeBytes { bytes in
      unsafe pwrite(descriptor, bytes.baseAddress, count, off_t(size))
    }
    guard written > 0 else { return note(failure: errno, size: size) }
    _ = note(failure: nil, size: size + written)
    return written
  }

  private func note(failure code: Int32?, size: Int?) -> Int? {
    let refusal = code.map(refusal)
    state.withLock { state in
      state.refusal = refusal
      if let size { state.size = size }
    }
    // No event need come first for somebody to learn of it.
    if case .ioFailed(let why) = refusal { failure.note(why) }
    return nil
  }

  /// Room can come back; a disk that fails is not trusted again.
  private func refusal(_ code: Int32) -> StoreError {
    let why = unsafe String(cString: strerror(code))
    return [ENOSPC, EDQUOT, EFBIG].contains(code)
      ? .diskFull("no room to make \(path) longer (\(why))") : .ioFailed("making \(path) longer: \(why)")
  }
}
