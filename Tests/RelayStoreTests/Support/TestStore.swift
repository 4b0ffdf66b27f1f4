import Glibc
import RelayModel
import Synchronization

@testable import RelayStore

/// A clock that stands where a test puts it.
final class TestClock: TimeSource {
  private let instant: Mutex<Timestamp>

  init(_ instant: Timestamp = Timestamp(milliseconds: 1_790_000_000_000)) { self.instant = Mutex(instant) }

  func now() -> Timestamp { instant.withLock { $0 } }
  func elapsed() -> Duration { now() - .epoch }
  func pass(_ duration: Duration) { instant.withLock { $0 = $0 + duration } }
}

/// SplitMix64: a seed decides everything.
final class TestRandom: RandomSource {
  private let state: Mutex<UInt64>

  init(_ seed: UInt64 = 1) { self.state = Mutex(seed) }

  func bits() -> UInt64 {
    state.withLock { state in
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
      return z ^ z >> 31
    }
  }

  func below(_ bound: Int) -> Int { Int(bits() % UInt64(bound)) }
  func chance(_ percent: Int) -> Bool { below(100) < percent }
}

/// A folder of its own, gone with the object.
final class TestFolder: Sendable {
  let path: String

  init() {
    let base = unsafe access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(base)/petrel-store-XXXXXX".utf8CString)
    path = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, let made = unsafe mkdtemp(base) else { return "" }
      return unsafe String(cString: made)
    }
    precondition(!path.isEmpty, "no folder for a test could be made")
  }

  deinit { removeTree(path) }
}

/// Removes a folder with all that is in it.
func removeTree(_ path: String) {
  guard let directory = unsafe opendir(path) else { return }
  while let entry = unsafe readdir(directory) {
    let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    guard name != ".", name != ".." else { continue }
    if unsafe unlink("\(path)/\(name)") != 0 { removeTree("\(path)/\(name)") }
  }
  unsafe closedir(directory)
  unsafe rmdir(path)
}

/// A store in a folder of its own, committed by hand.
final class TestStore {
  let folder = TestFolder()
  let clock = TestClock()
  let random: TestRandom
  private(set) var store: Store
  let notices = Mutex<[Notice]>([])
  var configuration: StoreConfiguration

  init(seed: UInt64 = 1, executions: Int = 256, summarizes: Bool = true, maxSize: ByteCount = .gibibytes(1))
    throws
  {
    random = TestRandom(seed)
    configuration = StoreConfiguration(
      directory: folder.path, maxSize: maxSize, growth: ByteCount(0), durability: .none, committer: .manual,
      executions: executions, recentMarks: 8, summarizes: summarizes)
    store = try Store.open(configuration, time: clock, random: random)
    listen()
  }

  var now: Timestamp { clock.now() }

  func reopen() throws {
    store.drainAndClose()
    try openAgain()
  }

  /// The process dies at this commit.
  func crash(_ fate: CommitFate) throws {
    store.pump(fate)
    try openAgain()
  }

  func openAgain() throws {
    store = try Store.open(configuration, time: clock, random: random)
    listen()
  }

  private func listen() {
    notices.withLock { $0 = [] }
    store.onCommit { [notices = Unowned(self)] told in notices.object.notices.withLock { $0 += told } }
  }

  func takeNotices() -> [Notice] {
    notices.withLock { notices in
      defer { notices = [] }
      return notices
    }
  }

  @discardableResult
  func enqueue(
    hook: String = "github", body: String = "{}", workflows: [String] = ["flow"], mark: DedupeMark? = nil,
    priority: UInt8 = 5
  ) throws -> EnqueueAnswer {
    try store.perform(
      Enqueue(
        event: .sample(hook: hook, body: Array(body.utf8), now: now),
        executions: workflows.map { NewExecution(workflow: $0, version: 1, priority: priority) }, mark: mark,
        now: now))
  }

  func execution(_ key: RecordKey) throws -> ExecutionRecord? { try store.read { try $0.execution(key) } }

  @discardableResult
  func end(_ key: RecordKey, _ status: ExecutionStatus = .succeeded) throws -> AdvanceAnswer {
    let failure =
      status == .failed ? Failure(step: "send", code: "http_status", message: "500", status: 500) : nil
    let entry = JournalEntry.sample(failure == nil ? .succeeded : .failed, at: now, failure: failure)
    return try store.perform(
      Advance(
        execution: key, revision: try execution(key)?.revision ?? 0, journal: [entry],
        next: .end(status, failure: failure, resumeAt: failure == nil ? nil : .start, summary: nil), at: now))
  }
}

/// Lets a sink reach the test's store without keeping it alive: the store keeps the sink.
struct Unowned<T: AnyObject>: @unchecked Sendable {
  unowned let object: T
  init(_ object: T) { self.object = object }
}

extension NewEvent {
  static func sample(hook: String = "github", body: [UInt8] = Array("{}".utf8), now: Timestamp) -> NewEvent {
    let headers = HeaderFields([("Host", "hooks.example.com"), ("Content-Type", "application/json")])
    return NewEvent(
      record: EventRecord(
        hook: hook, type: "push", delivery: "d-1", method: "POST", target: "/hooks/\(hook)?a=1",
        headers: headers,
        client: "203.0.113.7", receivedAt: now),
      body: body)
  }
}

extension JournalEntry {
  static func sample(
    _ status: StepStatus = .succeeded, path: StepPath = .start, name: String = "send", at: Timestamp,
    failure: Failure? = nil, output: [UInt8]? = Array(#"{"status":200}"#.utf8)
  ) -> JournalEntry {
    JournalEntry(
      path: path, name: name, status: status, startedAt: at, finishedAt: at + .milliseconds(12), attempts: 1,
      output: output, last: AttemptRecord(number: 1, at: at, durationMs: 12, status: 200, error: failure),
      failure: failure)
  }
}

extension DedupeMark {
  static func sample(_ number: UInt64, window: Duration = .seconds(72 * 3600)) -> DedupeMark {
    let random = TestRandom(number)
    let words = [random.bits(), random.bits()]
    let hash = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }
    return DedupeMark(hash: hash, window: window)
  }
}
