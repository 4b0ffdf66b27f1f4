import Glibc
import RelayModel
import RelayService
import RelayThreads
import Synchronization
import Testing

@Suite struct ControlThreadTests {
  @Test func `a file renamed into a watched folder asks for one reload`() throws {
    let folder = try TemporaryFolder()
    let control = try ControlThread()
    try control.watchFolder(folder.path)
    let seen = Requests()
    let thread = NamedThread("control") { control.run { seen.add($0) } }
    try folder.write("a.tmp", "{}")
    #expect(unsafe rename("\(folder.path)/a.tmp", "\(folder.path)/a.json") == 0)
    #expect(seen.wait(count: 1) == [.reload])
    control.stop()
    thread.join()
    #expect(seen.all == [.reload])
  }

  @Test func `a folder that is not there is named`() throws {
    let control = try ControlThread()
    #expect(throws: ControlThread.Failure.self) { try control.watchFolder("/nowhere/at/all") }
  }
}

/// Requests as they came, with a wait that ends at a deadline.
private final class Requests: Sendable {
  private let list = Mutex<[ControlRequest]>([])
  private let arrived = DispatchlessSemaphore()

  var all: [ControlRequest] { list.withLock { $0 } }

  func add(_ request: ControlRequest) {
    list.withLock { $0.append(request) }
    arrived.signal()
  }

  func wait(count: Int) -> [ControlRequest] {
    while all.count < count { guard arrived.wait(seconds: 10) else { break } }
    return all
  }
}

/// A POSIX semaphore.
// The pointer is private, made in init and freed in deinit.
@safe private final class DispatchlessSemaphore: @unchecked Sendable {
  private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    unsafe semaphore = .allocate(capacity: 1)
    unsafe sem_init(semaphore, 0, 0)
  }

  deinit {
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }

  func signal() { unsafe sem_post(semaphore) }

  func wait(seconds: Int) -> Bool {
    var deadline = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &deadline)
    deadline.tv_sec += seconds
    return unsafe sem_timedwait(semaphore, &deadline) == 0
  }
}

/// A folder of its own, removed at the end.
final class TemporaryFolder {
  let path: String

  struct Failure: Error {}

  init() throws {
    var template = Array("/tmp/petrel-service-XXXXXX".utf8CString)
    guard let made = unsafe mkdtemp(&template) else { throw Failure() }
    path = unsafe String(cString: made)
  }

  deinit { unsafe system("rm -rf \(path)") }

  func write(_ name: String, _ text: String) throws {
    guard let file = unsafe fopen("\(path)/\(name)", "w") else { throw Failure() }
    defer { unsafe fclose(file) }
    guard unsafe fputs(text, file) >= 0 else { throw Failure() }
  }
}
