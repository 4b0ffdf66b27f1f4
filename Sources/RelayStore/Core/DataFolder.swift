internal import CLinux
internal import Glibc

/// The data folder: made with mode 0700, and held by one process at a time.
///
/// The lock goes when this goes, or with the process.
final class DataFolder: Sendable {
  /// Locked for as long as a process uses the folder.
  static let lockName = "petrel.lock"

  let path: String
  private let lock: Int32

  /// Makes the folder where it is missing and allowed, and locks it.
  init(_ path: String, creates: Bool) throws(StoreError) {
    if creates { try Self.make(path) }
    let file = "\(path)/\(Self.lockName)"
    let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Files.failure(file, "open") }
    guard Self.lock(descriptor) else {
      let isHeld = errno == EWOULDBLOCK
      let failure = Files.failure(file, "flock")
      close(descriptor)
      throw isHeld ? .busy(path: path) : failure
    }
    self.path = path
    self.lock = descriptor
  }

  deinit { close(lock) }

  /// Takes the lock, or answers false with `errno` set. A process that is just ending, and a child of it
  /// between fork and exec, hold the lock a moment longer: that is waited for, a quarter of a second at most.
  private static func lock(_ descriptor: Int32) -> Bool {
    for _ in 0..<50 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      guard errno == EWOULDBLOCK else { return false }
      poll(nil, 0, 5)
    }
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0
  }

  /// Makes the names in the folder, and its own name, durable: LMDB syncs its file only.
  func sync() throws(StoreError) {
    try Files.syncFolder(path)
    try Files.syncFolder("\(path)/..")
  }

  private static func make(_ path: String) throws(StoreError) {
    if unsafe mkdir(path, 0o700) != 0 && errno != EEXIST { throw Files.failure(path, "mkdir") }
  }
}
