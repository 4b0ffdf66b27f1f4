import RelayThreads
import Synchronization
import Testing

@Suite struct InboxTests {
  @Test func `values come out in the order in which one thread put them in`() {
    let inbox = Inbox<Int>()
    for value in 0..<5 { inbox.put(value) }
    #expect(inbox.take() == [0, 1, 2, 3, 4])
    #expect(inbox.take().isEmpty)
  }

  @Test func `a waiting owner is woken by another thread`() {
    let inbox = Inbox<String>()
    let thread = NamedThread("putter") { inbox.put("hello") }
    #expect(inbox.wait(atMost: .seconds(30)) == ["hello"])
    thread.join()
  }

  @Test func `a wait ends at its deadline with nothing`() {
    #expect(Inbox<Int>().wait(atMost: .microseconds(200)).isEmpty)
    #expect(Inbox<Int>().wait(atMost: .seconds(-1)).isEmpty)
  }

  @Test func `what is added waits for the wake-up, and is there for an owner that looks`() {
    let inbox = Inbox<Int>()
    inbox.add(1)
    #expect(inbox.take() == [1])
    inbox.add(2)
    #expect(inbox.wait(atMost: nil) == [2])
    let thread = NamedThread("adder") {
      for value in 3..<6 { inbox.add(value) }
      inbox.wake()
    }
    var seen: [Int] = []
    while seen.count < 3 { seen += inbox.wait(atMost: .seconds(30)) }
    thread.join()
    #expect(seen == [3, 4, 5])
  }

  @Test func `a wake-up with nothing to take disturbs nobody`() {
    let inbox = Inbox<Int>()
    inbox.wake()
    #expect(inbox.wait(atMost: .microseconds(200)).isEmpty)
    inbox.put(1)
    inbox.wake()
    #expect(inbox.wait(atMost: nil) == [1])
  }

  @Test func `nothing is lost between many threads`() {
    let inbox = Inbox<Int>()
    let threads = (0..<4).map { part in
      Worker { for value in 0..<1000 { inbox.put(part * 1000 + value) } }
    }
    var seen: [Int] = []
    while seen.count < 4000 { seen += inbox.wait(atMost: .seconds(30)) }
    for thread in threads { thread.finish() }
    #expect(seen.sorted() == Array(0..<4000))
  }
}

/// A thread in an array: NamedThread itself is not copyable.
private final class Worker: Sendable {
  private let thread: Mutex<NamedThread?>

  init(_ body: @escaping @Sendable () -> Void) { thread = Mutex(NamedThread("worker", body: body)) }

  func finish() {
    let taken = thread.withLock { $0.take() }
    if let taken { taken.join() }
  }
}
