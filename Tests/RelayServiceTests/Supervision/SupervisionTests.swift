import Glibc
import RelayModel
import Synchronization
import Testing

@testable import RelayService

@Suite struct SupervisionTests {
  @Test func `it is ready once, when the relay is, and before that the reason goes out`() throws {
    let bed = try Bed(isReady: false, status: "not ready: the store is full")
    bed.supervision.beat()
    #expect(bed.received == ["STATUS=not ready: the store is full\nEXTEND_TIMEOUT_USEC=15000000"])
    bed.stand(isReady: true, "ready: hooks 1")
    bed.supervision.beat()
    bed.supervision.beat()
    #expect(bed.received == ["READY=1\nSTATUS=ready: hooks 1"])
  }

  @Test func `a changed status goes out, and an unchanged one does not`() throws {
    let bed = try Bed()
    bed.supervision.beat()
    bed.stand(isReady: false, "not ready: the disk is full")
    bed.supervision.beat()
    bed.supervision.beat()
    bed.stand(isReady: true, "ready again")
    bed.supervision.beat()
    #expect(
      bed.received == ["READY=1\nSTATUS=ready", "STATUS=not ready: the disk is full", "STATUS=ready again"])
  }

  @Test func `the watchdog is fed while both threads answer`() throws {
    let bed = try Bed(watchdog: .seconds(1))
    for _ in 0..<3 { bed.supervision.beat() }
    #expect(bed.received == ["READY=1\nSTATUS=ready", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"])
  }

  @Test(arguments: [0, 1])
  func `it starves while one of them does not answer, and is fed again when it does`(stuck: Int) throws {
    let bed = try Bed(watchdog: .seconds(1))
    bed.threads[stuck].isStuck.withLock { $0 = true }
    bed.supervision.beat()
    #expect(bed.received == ["READY=1\nSTATUS=ready", "WATCHDOG=1"], "the first question is not late yet")
    bed.supervision.beat()
    bed.supervision.beat()
    #expect(bed.received.isEmpty)
    bed.threads[stuck].goOn()
    bed.supervision.beat()
    #expect(bed.received == ["WATCHDOG=1"])
  }

  @Test func `nothing feeds a watchdog that is not there`() throws {
    let bed = try Bed()
    bed.supervision.beat()
    bed.supervision.beat()
    #expect(bed.received == ["READY=1\nSTATUS=ready"])
  }

  @Test func `a reload is told with the monotonic time, and its end as ready`() throws {
    let bed = try Bed()
    bed.supervision.beat()
    _ = bed.received
    let before = Self.monotonicMicroseconds
    bed.supervision.reload { bed.stand(isReady: true, "ready: generation 2") }
    let messages = bed.received
    try #require(messages.count == 2)
    let lines = messages[0].split(separator: "\n")
    #expect(lines.first == "RELOADING=1")
    let told = try #require(Int64(lines[1].dropFirst("MONOTONIC_USEC=".count)))
    #expect(lines[1].hasPrefix("MONOTONIC_USEC="))
    #expect((before...Self.monotonicMicroseconds).contains(told))
    #expect(messages[1] == "READY=1\nSTATUS=ready: generation 2")
    bed.supervision.beat()
    #expect(bed.received.isEmpty, "the status was told with it")
  }

  @Test func `a reload before the relay is ready does not make it ready`() throws {
    let bed = try Bed(isReady: false)
    var hasReloaded = false
    bed.supervision.reload { hasReloaded = true }
    #expect(hasReloaded)
    #expect(bed.received.isEmpty)
  }

  @Test func `at the end only the committer has to move, and no status follows`() throws {
    let bed = try Bed(watchdog: .seconds(1))
    bed.supervision.beat()
    _ = bed.received
    bed.supervision.stopping(.seconds(30))
    bed.threads[0].isStuck.withLock { $0 = true }
    bed.stand(isReady: false, "not ready: draining")
    for _ in 0..<3 { bed.supervision.beat() }
    #expect(
      bed.received == [
        "STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=45000000", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1",
      ])
  }

  @Test func `the watchdog's span counts where it is meant for this process`() {
    func span(_ environment: [String: String]) -> Duration? {
      Supervision.Wishes(environment: environment, process: 7).watchdog
    }
    #expect(span(["WATCHDOG_USEC": "2000000"]) == .seconds(2))
    #expect(span(["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "7"]) == .seconds(2))
    #expect(span(["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "8"]) == nil)
    #expect(span(["WATCHDOG_USEC": "0"]) == nil)
    #expect(span(["WATCHDOG_USEC": "soon"]) == nil)
    #expect(span([:]) == nil)
  }

  private static var monotonicMicroseconds: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}

/// A supervision with a supervisor, a relay's standing and two threads that the test dictates: the engine's and
/// the committer's.
private final class Bed {
  let supervision: Supervision
  let threads = [FakeThread(), FakeThread()]
  private let supervisor: DatagramSocket
  private let standing: Standing

  init(isReady: Bool = true, status: String = "ready", watchdog: Duration? = nil) throws {
    let name = "@petrel-test-\(getpid())-\(UInt64.random(in: .min ... .max))"
    supervisor = try DatagramSocket(name)
    let standing = Standing(isReady, status)
    self.standing = standing
    let pulses = threads.map { thread in Pulse { thread.ask($0) } }
    supervision = Supervision(
      try NotifySocket(name), Supervision.Wishes(watchdog: watchdog), serving: [pulses[0]],
      lasting: [pulses[1]],
      log: SilentLog()
    ) { standing.value.withLock { $0 } }
  }

  func stand(isReady: Bool, _ status: String) {
    standing.value.withLock { $0 = Supervision.Standing(isReady: isReady, status: status) }
  }

  /// What has come since the last look: what was sent is there at once.
  var received: [String] {
    var messages: [String] = []
    while let message = supervisor.receive(within: 0) { messages.append(message) }
    return messages
  }

  private final class Standing: Sendable {
    let value: Mutex<Supervision.Standing>

    init(_ isReady: Bool, _ status: String) {
      value = Mutex(Supervision.Standing(isReady: isReady, status: status))
    }
  }
}

/// Answers at once, unless it is stuck.
private final class FakeThread: Sendable {
  let isStuck = Mutex(false)
  private let waiting = Mutex<[@Sendable () -> Void]>([])

  func ask(_ answer: @escaping @Sendable () -> Void) {
    if isStuck.withLock({ $0 }) { waiting.withLock { $0.append(answer) } } else { answer() }
  }

  func goOn() {
    isStuck.withLock { $0 = false }
    let answers = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    for answer in answers { answer() }
  }
}
