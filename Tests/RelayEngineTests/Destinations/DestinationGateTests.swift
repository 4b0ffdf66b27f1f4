import RelayEngine
import RelayHTTP
import RelayModel
import Testing

@Suite struct DestinationGateTests {
  private let start = Timestamp(seconds: 1_790_000_000)
  private let limits = DestinationGate.Limits(
    concurrency: 6, breaker: Breaker.Rule(failures: 3, probe: .seconds(1), max: .seconds(60)))
  private let gate = DestinationGate(
    Destination(scheme: .https, host: .name("x.example"), port: 443),
    now: Timestamp(seconds: 1_790_000_000))

  private func admit(_ key: UInt64, crowd: DestinationGate.Crowd = .light, at now: Timestamp? = nil)
    -> DestinationGate.Admission
  {
    gate.admit(RecordKey(rawValue: key), limits: limits, crowd: crowd, now: now ?? start)
  }

  private func release(
    _ verdict: Breaker.Verdict = .alive, of key: UInt64 = 1, took: Duration = .milliseconds(5),
    at now: Timestamp? = nil
  ) -> Bool {
    gate.release(verdict, of: RecordKey(rawValue: key), took: took, limits: limits, now: now ?? start)
  }

  private func next(crowd: DestinationGate.Crowd = .light, at now: Timestamp? = nil) -> UInt64? {
    gate.next(limits: limits, crowd: crowd, now: now ?? start)?.rawValue
  }

  /// Takes all six slots.
  private func fill() { for key in 1...6 { #expect(admit(UInt64(key)) == .go) } }

  @Test func `no more go at once than may, and the others go in order`() {
    fill()
    #expect(admit(7) == .queued)
    #expect(admit(8) == .queued)
    #expect(next() == nil)
    #expect(!release())
    #expect(next() == 7)
    #expect(next() == nil)
    #expect(!release())
    #expect(next() == 8)
    #expect(gate.inFlight == 6)
  }

  @Test func `nobody overtakes those in the queue`() {
    fill()
    #expect(admit(7) == .queued)
    _ = release()
    #expect(admit(8) == .queued)
    #expect(next() == 7)
  }

  @Test func `one that leaves the queue is not called`() {
    fill()
    _ = admit(7)
    _ = admit(8)
    #expect(gate.leave(RecordKey(rawValue: 7)))
    #expect(!gate.leave(RecordKey(rawValue: 7)))
    _ = release()
    #expect(next() == 8)
  }

  @Test func `a destination that answers nothing for a while is slow, and what comes is put down`() {
    fill()
    #expect(!gate.isSlow(now: start + .milliseconds(100)))
    let later = start + .milliseconds(101)
    #expect(gate.isSlow(now: later))
    guard case .park(let until, .slow) = admit(7, at: later) else {
      Issue.record("a slow and full destination takes no queue")
      return
    }
    #expect(until > later)
  }

  @Test func `those put down come back one after the other, within a bound`() {
    fill()
    let later = start + .seconds(2)
    var places: [Timestamp] = []
    for key in 10..<30_000 {
      guard case .park(let until, _) = admit(UInt64(key), at: later) else { continue }
      places.append(until)
    }
    #expect(places.count == 29_990)
    #expect(zip(places, places.dropFirst()).prefix(1000).allSatisfy { $0 < $1 })
    #expect(places.allSatisfy { $0 > later && $0 <= later + .seconds(1) + EngineBounds.fullHorizon })
  }

  @Test func `a slow destination gets only its share while the relay is crowded`() {
    for key in 1...5 { #expect(admit(UInt64(key)) == .go) }
    let later = start + .seconds(2)
    guard case .park(_, .slow) = admit(6, crowd: .dense, at: later) else {
      Issue.record("five under way are more than the share of a slow destination")
      return
    }
    #expect(admit(6, crowd: .light, at: later) == .go)
    for _ in 1...3 { _ = release(.unknown, at: later) }
    #expect(admit(7, crowd: .dense, at: later) == .go)
  }

  @Test func `the fuller the relay is, the less a slow destination may take of it`() {
    #expect(admit(1) == .go)
    let later = start + .seconds(2)
    guard case .park(_, .slow) = admit(2, crowd: .packed, at: later) else {
      Issue.record("one is all that a slow destination gets then")
      return
    }
    #expect(admit(2, crowd: .dense, at: later) == .go)
  }

  @Test(
    arguments: [(0, DestinationGate.Crowd.light), (32, .light), (33, .dense), (48, .dense), (49, .packed)])
  func `how full the relay is goes by half and three quarters`(running: Int, crowd: DestinationGate.Crowd) {
    #expect(DestinationGate.Crowd(running: running, of: 64) == crowd)
  }

  @Test func `an idle destination is never slow`() {
    #expect(admit(1) == .go)
    _ = release(.alive, took: .seconds(30))
    #expect(!gate.isSlow(now: start + .seconds(60)))
    #expect(admit(2, crowd: .dense, at: start + .seconds(60)) == .go)
  }

  @Test func `failures in a row close it, and what comes waits for the probe`() {
    for key in 1...3 { #expect(admit(UInt64(key)) == .go) }
    #expect([release(.failed), release(.failed), release(.failed)] == [false, false, true])
    #expect(admit(4) == .park(until: start + .seconds(1), .leftAlone))
    #expect(admit(5) == .park(until: start + .milliseconds(1002), .leftAlone))
    let probe = start + .seconds(1)
    #expect(admit(4, at: probe) == .go)
    guard case .park(_, .leftAlone) = admit(5, at: probe) else {
      Issue.record("only one probes")
      return
    }
    #expect(release(.alive, at: probe))
    #expect(admit(5, at: probe) == .go)
  }

  @Test(arguments: [Breaker.Verdict.failed, .unknown])
  func `only the probe says how the probe went`(verdict: Breaker.Verdict) {
    for key in 1...4 { #expect(admit(UInt64(key)) == .go) }
    for key in 1...3 { _ = release(.failed, of: UInt64(key)) }
    let probing = start + .seconds(1)
    #expect(admit(5, at: probing) == .go)
    #expect(!release(verdict, of: 4, at: probing))
    guard case .park(_, .leftAlone) = admit(6, at: start + .seconds(30)) else {
      Issue.record("a second probe goes beside the first")
      return
    }
    #expect(release(.failed, of: 5, at: start + .seconds(30)))
    #expect(gate.breaker.closedUntil(now: start + .seconds(30)) == start + .seconds(32))
  }

  @Test func `the queue of a destination that was closed is put down`() {
    fill()
    _ = admit(7)
    for _ in 1...3 { _ = release(.failed) }
    #expect(next() == nil)
    #expect(gate.waiting == [RecordKey(rawValue: 7)])
    #expect(gate.putDown(limits: limits, now: start) == .park(until: start + .seconds(1), .leftAlone))
  }

  @Test func `it is at rest when nothing is under way, waits, or is remembered`() {
    #expect(gate.isAtRest)
    _ = admit(1)
    #expect(!gate.isAtRest)
    _ = release(.failed)
    #expect(!gate.isAtRest)
    _ = admit(1)
    _ = release(.alive)
    #expect(gate.isAtRest)
  }
}
