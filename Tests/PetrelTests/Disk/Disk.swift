import Glibc

/// A disk under the real binary that records what it is told, and misbehaves as told: the preloaded shim of
/// `Tests/DiskShim`, and the few numbers it reads while the process runs.
///
/// Safe because the memory is mapped here, is never lent out, and goes with the object.
@safe final class Disk {
  /// Which calls fail.
  struct Calls: OptionSet {
    let rawValue: Int64
    static let data = Calls(rawValue: 1)
    static let sync = Calls(rawValue: 2)
    /// LMDB's write of its meta page, which is a sync too.
    static let meta = Calls(rawValue: 4)
    static let names = Calls(rawValue: 8)
  }

  /// When a process ends around a call: a write can be half done.
  enum Moment: Int64, CaseIterable {
    case before, half, after
  }

  /// In place of an error: half of the bytes are written, and the call says so.
  static let shortWrite: Int32 = -1
  static let forGood: Int64 = -1

  /// The shim's `struct control`, a number each.
  private enum Field: Int {
    case kinds, error, times, delay, clock, diesAt, diesHow, calls, skips
  }

  /// Holds the control file and the record, which must not lie on the disk itself.
  private let own: Folder
  private let root: String
  private let library: String
  private let control: UnsafeMutablePointer<Int64>

  /// - Parameter root: a folder; all below it is the disk.
  init(root: String) throws {
    library = try Self.shim.get()
    own = try Folder()
    self.root = root
    let descriptor = unsafe open("\(own.path)/control", O_RDWR | O_CREAT, 0o600)
    defer { close(descriptor) }
    let mapped = unsafe mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard ftruncate(descriptor, 4096) == 0, let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      throw Folder.Failure(what: "mmap")
    }
    unsafe control = unsafe mapped.bindMemory(to: Int64.self, capacity: Field.skips.rawValue + 1)
  }

  deinit { unsafe munmap(control, 4096) }

  /// Puts a process on this disk.
  func environment(recording: Bool = false) -> [String: String] {
    var variables = [
      "LD_PRELOAD": library, "PETREL_DISK_ROOT": root, "PETREL_DISK_CONTROL": "\(own.path)/control",
    ]
    if recording { variables["PETREL_DISK_LOG"] = log }
    return variables
  }

  /// The record of what all processes did that were told to keep one.
  var log: String { "\(own.path)/log" }

  // MARK: Faults, at any time

  /// Lets calls of these kinds fail: `times` of them, or all `forGood`, after some that succeed.
  func fail(_ calls: Calls, _ error: Int32, times: Int64 = Disk.forGood, after skipped: Int64 = 0) {
    self[.kinds] = 0
    self[.skips] = skipped
    self[.error] = Int64(error)
    self[.times] = times
    self[.kinds] = calls.rawValue
  }

  func recover() { self[.kinds] = 0 }

  /// Lets every sync take this much longer.
  func delaySyncs(milliseconds: Int64) { self[.delay] = milliseconds }

  /// Moves the wall clock, from what it really is.
  func shiftClock(seconds: Int64) { self[.clock] = seconds * 1000 }

  /// Ends the process at its `number`th storage call from now on; 0 ends none.
  func kill(at number: Int64, _ moment: Moment) {
    self[.calls] = 0
    self[.diesHow] = moment.rawValue
    self[.diesAt] = number
  }

  private subscript(field: Field) -> Int64 {
    get { unsafe control[field.rawValue] }
    set { unsafe control[field.rawValue] = newValue }
  }

  // MARK: The shim

  /// Whether there is a compiler for it.
  static let isThere = (try? shim.get()) != nil

  /// Compiled once a run.
  private static let shim = Result { () throws -> String in
    let target = "\(RelayProcess.repository)/.build/petrel-disk-\(getpid()).so"
    let source = "\(RelayProcess.repository)/Tests/DiskShim/shim.c"
    let compiled = unsafe system("cc -shared -fPIC -O1 -Wall -o '\(target)' '\(source)'")
    guard compiled == 0 else { throw Folder.Failure(what: "cc \(source)") }
    atexit { Disk.removeShim() }
    return target
  }

  private static func removeShim() { if let file = try? shim.get() { _ = unsafe unlink(file) } }
}
