import RelayEngine
import RelayHTTP
import RelayModel
import Testing

/// How many requests a destination gets.
@Suite struct RateRuleTests {
  private let start = Timestamp(seconds: 1_790_000_000)
  private let limits: DestinationGate.Limits
  private let gate: DestinationGate

  init() {
    let rule = RateRule(requests: 20, per: .seconds(1))
    limits = DestinationGate.Limits(concurrency: 1000, rates: RateRules(["x.example": rule]))
    gate = DestinationGate(
      Destination(scheme: .https, host: .name("x.example"), port: 443), rate: rule, now: start)
  }

  private func admit(_ key: UInt64, _ passed: Duration = .zero) -> DestinationGate.Admission {
    gate.admit(RecordKey(rawValue: key), limits: limits, crowd: .light, now: start + passed)
  }

  @Test func `a tenth may go at once, and the others come back evenly spread`() {
    #expect(admit(1) == .go)
    #expect(admit(2) == .go)
    #expect(admit(3) == .park(until: start + .milliseconds(50), .rate))
    #expect(admit(4) == .park(until: start + .milliseconds(100), .rate))
    #expect(admit(3, .milliseconds(50)) == .go)
    #expect(admit(5, .milliseconds(60)) == .park(until: start + .milliseconds(150), .rate))
    #expect(admit(4, .milliseconds(100)) == .go)
  }

  @Test func `no span has more than the rule and its tenth`() {
    var sent = 0
    for millisecond in 0..<3000 where admit(UInt64(millisecond), .milliseconds(millisecond)) == .go {
      sent += 1
    }
    #expect((60...62).contains(sent), "\(sent)")
  }

  @Test func `a rate above one a millisecond is held to, too`() {
    let rule = RateRule(requests: 5000, per: .seconds(1))
    let fast = DestinationGate(gate.destination, rate: rule, now: start)
    var sent = 0
    for millisecond in 0..<1000 {
      for key in 0..<20 {
        let admission = fast.admit(
          RecordKey(rawValue: UInt64(millisecond * 20 + key)),
          limits: DestinationGate.Limits(concurrency: 1_000_000), crowd: .light,
          now: start + .milliseconds(millisecond))
        if admission == .go { sent += 1 }
      }
    }
    #expect((4900...5600).contains(sent), "\(sent)")
  }

  @Test func `a rule is found by host and port, then by host`() throws {
    let rules = RateRules([
      "x.example": RateRule(requests: 1, per: .seconds(1)),
      "x.example:8443": RateRule(requests: 100, per: .seconds(1)),
    ])
    var table = DestinationTable(limits: DestinationGate.Limits(concurrency: 1000, rates: rules))
    func sent(_ url: String) throws -> Int {
      let gate = table.gate(try HTTPURL(url).destination, now: start)
      return (1...50).count { key in
        gate.admit(
          RecordKey(rawValue: UInt64(key)), limits: DestinationGate.Limits(concurrency: 1000), crowd: .light,
          now: start) == .go
      }
    }
    #expect(try sent("https://x.example/a") == 1)
    #expect(try sent("https://x.example:8443/a") == 10)
    #expect(try sent("https://y.example/a") == 50)
  }
}
