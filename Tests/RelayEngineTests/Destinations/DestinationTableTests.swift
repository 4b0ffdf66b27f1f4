import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

@Suite struct DestinationTableTests {
  private let now = Timestamp(seconds: 1_790_000_000)
  private let limits = DestinationGate.Limits(
    concurrency: 4, breaker: Breaker.Rule(failures: 1, probe: .seconds(1), max: .seconds(60)))

  private func destination(_ host: String) -> Destination {
    Destination(scheme: .https, host: .name(host), port: 443)
  }

  @Test func `a destination has one gate, and another port is another destination`() {
    var table = DestinationTable(limits: limits)
    let first = table.gate(destination("a.example"), now: now)
    let again = table.gate(destination("a.example"), now: now)
    let other = table.gate(Destination(scheme: .https, host: .name("a.example"), port: 8443), now: now)
    #expect(first === again)
    #expect(first !== other)
  }

  @Test func `destinations at rest are forgotten when there are too many, others are not`() {
    var table = DestinationTable(limits: limits)
    let busy = table.gate(destination("busy.example"), now: now)
    _ = busy.admit(RecordKey(rawValue: 1), limits: limits, crowd: .light, now: now)
    for number in 0..<(EngineBounds.destinations * 2) {
      _ = table.gate(destination("h\(number).example"), now: now)
    }
    #expect(table.count <= EngineBounds.destinations)
    let found = table.gate(destination("busy.example"), now: now)
    #expect(found === busy)
  }

  @Test func `what was kept is taken back, and a name that is no destination is skipped`() {
    var table = DestinationTable(limits: limits)
    let open = BreakerRecord(failures: 1, openUntil: now + .seconds(1), delay: .seconds(1))
    table.load([("https://down.example", open), ("nonsense", open)], latest: .epoch, now: now)
    #expect(table.leftAlone == ["https://down.example"])
    let gate = table.gate(destination("down.example"), now: now)
    #expect(gate.breaker.closedUntil(now: now) == now + .seconds(1))
  }

  @Test func `a probe that was under way is kept as an opening that is over`() {
    let gate = DestinationGate(destination("down.example"), now: now)
    _ = gate.admit(RecordKey(rawValue: 1), limits: limits, crowd: .light, now: now)
    _ = gate.release(.failed, of: RecordKey(rawValue: 1), took: .zero, limits: limits, now: now)
    #expect(BreakerRecord(gate.breaker, rule: limits.breaker).openUntil == now + .seconds(1))
    _ = gate.admit(RecordKey(rawValue: 2), limits: limits, crowd: .light, now: now + .seconds(1))
    #expect(BreakerRecord(gate.breaker, rule: limits.breaker).openUntil == .epoch)
  }
}
