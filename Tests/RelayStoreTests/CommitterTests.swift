import Glibc
import RelayModel
import Synchronization
import Testing

@testable import RelayStore

@Suite struct CommitterTests {
  private func open(_ folder: TestFolder, growth: ByteCount = .mebibytes(4)) throws -> Store {
    let configuration = StoreConfiguration(
      directory: folder.path, maxSize: .mebibytes(256), growth: growth, durability: .full)
    return try Store.open(configuration, time: TestClock(), random: TestRandom())
  }

  @Test func `many threads hand over at once, and everybody gets an answer of its own`() throws {
    let folder = TestFolder()
    let store = try open(folder)
    let accepted = Mutex<Set<RecordKey>>([])
    let done = Semaphore()
    for number in 0..<8 {
      let thread = TestThread {
        for _ in 0..<200 {
          let now = Timestamp(milliseconds: 1_790_000_000_000)
          let enqueue = Enqueue(
            event: .sample(hook: "hook-\(number)", now: now),
            executions: [NewExecution(workflow: "flow", version: 1)], mark: nil, now: now)
          store.submit(enqueue) { result in
            if case .success(let answer) = result { accepted.withLock { _ = $0.insert(answer.event) } }
            done.signal()
          }
        }
      }
      thread.start()
    }
    for _ in 0..<1600 { done.wait() }
    #expect(accepted.withLock { $0.count } == 1600)
    #expect(try store.read { try $0.counters() }.events == 1600)
    #expect(try store.read { try Checker.check($0) }.findings == [])
    store.drainAndClose()
  }

  @Test func `a probe is answered between commits, not while the committer hangs in one`() throws {
    let folder = TestFolder()
    let store = try open(folder)
    let (begun, goOn, answered) = (Semaphore(), Semaphore(), Semaphore())
    let isAnswered = Mutex(false)
    let now = Timestamp(milliseconds: 1_790_000_000_000)
    store.submit(Enqueue(event: .sample(now: now), executions: [], mark: nil, now: now)) { _ in
      begun.signal()
      goOn.wait()
    }
    begun.wait()
    store.probe {
      isAnswered.withLock { $0 = true }
      answered.signal()
    }
    #expect(!isAnswered.withLock { $0 })
    goOn.signal()
    answered.wait()
    store.drainAndClose()
    isAnswered.withLock { $0 = false }
    store.probe { isAnswered.withLock { $0 = true } }
    #expect(isAnswered.withLock { $0 }, "a store that is closed has nothing left to wait for")
  }

  @Test func `a drain commits what waits and refuses what comes later`() throws {
    let folder = TestFolder()
    let store = try open(folder)
    let answers = Answers<EnqueueAnswer>()
    let now = Timestamp(milliseconds: 1_790_000_000_000)
    for _ in 0..<100 {
      store.submit(Enqueue(event: .sample(now: now), executions: [], mark: nil, now: now)) { answers.put($0) }
    }
    store.drainAndClose()
    #expect(answers.all.count == 100)
    #expect(throws: StoreError.closing) {
      try store.perform(Enqueue(event: .sample(now: now), executions: [], mark: nil, now: now))
    }
    #expect(throws: StoreError.closing) { try store.read { try $0.nextDue() } }
    let again = try open(folder)
    #expect(try again.read { try $0.counters() }.events == 100)
    again.drainAndClose()
  }

  @Test func `the file is made longer ahead of the commits, and never over them`() throws {
    let folder = TestFolder()
    let store = try open(folder)
    let now = Timestamp(milliseconds: 1_790_000_000_000)
    var bodies: [RecordKey: [UInt8]] = [:]
    let random = TestRandom(7)
    for round in 0..<400 {
      let body = [UInt8](repeating: UInt8(truncatingIfNeeded: round), count: 20_000 + random.below(30_000))
      let answer = try store.perform(
        Enqueue(event: .sample(body: body, now: now), executions: [], mark: nil, now: now))
      bodies[answer.event] = body
    }
    store.drainAndClose()
    let again = try open(folder, growth: ByteCount(0))
    for (key, body) in bodies { #expect(try again.read { try $0.event(key) }?.body == body) }
    #expect(try again.read { try Checker.check($0) }.findings == [])
    again.drainAndClose()
    var status = stat()
    #expect(unsafe stat("\(folder.path)/data.mdb", &status) == 0)
    #expect(status.st_size > 400 * 20_000 + (2 << 20))
  }

  @Test func `a full mailbox refuses at once`() throws {
    let test = try TestStore()
    let answers = Answers<EnqueueAnswer>()
    let body = [UInt8](repeating: 1, count: 8 << 20)
    for _ in 0..<9 {
      test.store.submit(
        Enqueue(event: .sample(body: body, now: test.now), executions: [], mark: nil, now: test.now)
      ) {
        answers.put($0)
      }
    }
    #expect(answers.all.count == 2)
    for answer in answers.all {
      guard case .failure(.full) = answer else {
        Issue.record("\(answer)")
        continue
      }
    }
    test.store.pump()
    #expect(answers.all.count == 9)
  }
}

/// A thread that a test starts and forgets; what it does is waited for otherwise.
struct TestThread {
  let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  func start() {
    let box = unsafe Unmanaged.passRetained(Box(body)).toOpaque()
    var thread = pthread_t()
    let code = unsafe pthread_create(&thread, nil, runTestThread, box)
    precondition(code == 0, "no thread could be made")
    pthread_detach(thread)
  }

  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

private func runTestThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  unsafe Unmanaged<TestThread.Box>.fromOpaque(argument).takeRetainedValue().body()
  return nil
}
