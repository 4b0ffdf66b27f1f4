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

  private enum Field: Int {
    case kinds, error, times, delay, clock, diesAt, diesHow, calls
  }

  /// Holds the control file and the record, which must not lie on the disk itself.
  private let own = try? Folder()
  private let root: String
  private let library: String
  private let control: UnsafeMutablePointer<Int64>

  /// - Parameter root: a folder; all below it is the disk.
  init(root: String) throws {
    library = try Self.shim.get()
    self.root = root
    let file = try Self.file(own)
    let descriptor = unsafe open("\(file)/control", O_RDWR | O_CREAT, 0o600)
    defer { close(descriptor) }
    let mapped = unsafe mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard ftruncate(descriptor, 4096) == 0, let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      throw Folder.Failure(what: "mmap")
    }
    unsafe control = unsafe mapped.bindMemory(to: Int64.self, capacity: Field.calls.rawValue + 1)
  }

  deinit { unsafe munmap(control, 4096) }

  private static func file(_ folder: Folder?) throws -> String {
    guard let folder else { throw Folder.Failure(what: "no folder") }
    return folder.path
  }

  /// Puts a process on this disk.
  func environment(recording: Bool = false) -> [String: String] {
    var variables = [
      "LD_PRELOAD": library, "PETREL_DISK_ROOT": root, "PETREL_DISK_CONTROL": "\(own?.path ?? "")/control",
    ]
    if recording { variables["PETREL_DISK_LOG"] = log }
    return variables
  }

  var log: String { "\(own?.path ?? "")/log" }

  // MARK: Faults, at any time

  /// Lets the next calls of these kinds fail: `times` of them, or all `forGood`.
  func fail(_ calls: Calls, _ error: Int32, times: Int64 = Disk.forGood) {
    self[.kinds] = 0
    self[.error] = Int64(error)
    self[.times] = times
    self[.kinds] = calls.rawValue
  }

  func recover() { self[.kinds] = 0 }

  /// How many of the failures that were asked for are still to come.
  var failuresLeft: Int64 { self[.times] }

  var syncDelay: Duration {
    get { .milliseconds(self[.delay]) }
    set {
      self[.delay] =
        newValue.components.seconds * 1000 + newValue.components.attoseconds / 1_000_000_000_000_000
    }
  }

  /// How far the wall clock is moved, in seconds.
  var clockShift: Int64 {
    get { self[.clock] / 1000 }
    set { self[.clock] = newValue * 1000 }
  }

  /// Ends the process at its `number`th storage call from now on.
  func kill(at number: Int64, _ moment: Moment) {
    self[.calls] = 0
    self[.diesHow] = moment.rawValue
    self[.diesAt] = number
  }

  var calls: Int64 { self[.calls] }

  private subscript(field: Field) -> Int64 {
    get { unsafe control[field.rawValue] }
    set { unsafe control[field.rawValue] = newValue }
  }

  /// Whether there is a compiler for the shim.
  static let isThere = (try? shim.get()) != nil

  /// The shim, compiled once a run.
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
