import Glibc
import RelayDocuments
import RelayThreads
import Synchronization
import Testing

/// Every attack at once, and again: others are served meanwhile, and nothing is left behind.
@Suite(.timeLimit(.minutes(2))) struct StormTests {
  private static let rounds = 3
  private static let keptConnections = 8

  @Test func `a storm of every attack leaves memory and descriptors as they were, and others served`() throws
  {
    let relay = try AttackedRelay()
    defer { relay.end() }
    let fresh = try Footprint(relay.process)
    try storm(relay)
    let before = try settled(relay, fresh)
    let sender = HonestSender(relay)
    for _ in 0..<Self.rounds { try storm(relay) }
    let latencies = sender.stop()
    let after = try settled(relay, fresh)
    #expect(after.memoryKiB <= before.memoryKiB + 65_536, "\(before.memoryKiB) → \(after.memoryKiB) KiB")
    #expect(latencies.count >= 10, "honest senders were served")
    let late = latencies.filter { $0 >= 1 }
    // One of them may be the machine's doing.
    #expect(late.count <= 1 + latencies.count / 100, "answered late: \(late)")
    #expect(sender.failures.isEmpty, "\(sender.failures)")
    try expectPlainLog(relay)
  }

  private static let attacks =
    Attack.smuggling + Attack.heads + Attack.lines + Attack.oversized + Attack.strangeBodies
    + Attack.forgeries

  /// Half of it comes whole, half ends in the middle.
  private func storm(_ relay: AttackedRelay) throws {
    for (number, attack) in Self.attacks.enumerated() {
      if number.isMultiple(of: 2) { _ = try relay.answer(to: attack) }
      let cut = try Socket(port: relay.installation.port, patience: 5)
      do { try cut.send(Array(attack.bytes.prefix(attack.bytes.count / 2))) } catch Socket.Failure.closed {}
    }
  }

  /// What is held once nothing runs, and the connections are gone but for a few that are kept to the sink.
  private func settled(_ relay: AttackedRelay, _ fresh: Footprint) throws -> Footprint {
    var now = fresh
    let isQuiet = try Installation.until {
      now = try Footprint(relay.process)
      let backlog = try JSON.parse(relay.admin("/api/status").body)["backlog"]?.int
      return backlog == 0 && now.descriptors <= fresh.descriptors + Self.keptConnections
    }
    #expect(isQuiet, "descriptors: \(fresh.descriptors) → \(now.descriptors)")
    return now
  }

  /// L1: what strangers send neither fills the log nor reaches it raw.
  private func expectPlainLog(_ relay: AttackedRelay) throws {
    let log = try relay.installation.folder.read("relay.log")
    #expect(log.utf8.count < 1 << 20, "\(log.utf8.count) bytes")
    for byte in log.utf8 where byte < 32 && byte != 10 || byte == 127 { Issue.record("control byte \(byte)") }
    for line in log.split(separator: "\n") where line.hasPrefix("{") {
      #expect(throws: Never.self) { try JSON.parse(text: String(line)) }
    }
    #expect(!log.contains(Installation.secret) && !log.contains(AttackedRelay.canary))
    #expect(!log.contains("Fatal error"))
  }
}

/// Delivers one event after the other, and keeps how long each answer took.
private final class HonestSender: Sendable {
  private struct State {
    var isStopped = false
    var hasEnded = false
    var latencies: [Double] = []
    var failures: [String] = []
  }

  private let relay: AttackedRelay
  private let state = Mutex(State())

  init(_ relay: AttackedRelay) {
    self.relay = relay
    _ = NamedThread("honest") { [self] in send() }
  }

  var failures: [String] { state.withLock { $0.failures } }

  func stop() -> [Double] {
    state.withLock { $0.isStopped = true }
    _ = Installation.until { state.withLock { $0.hasEnded } }
    return state.withLock { $0.latencies }
  }

  private func send() {
    while !state.withLock({ $0.isStopped }) {
      let start = Installation.seconds()
      do {
        let answer = try relay.deliver(#"{"text":""}"#)
        let span = Installation.seconds() - start
        state.withLock { state in
          if answer.status == 202 { state.latencies.append(span) } else { state.failures.append(answer.text) }
        }
      } catch {
        state.withLock { $0.failures.append("\(error)") }
      }
      poll(nil, 0, 10)
    }
    state.withLock { $0.hasEnded = true }
  }
}
