import RelayModel
import Testing

@testable import RelayUpstream

@Suite struct UpstreamDecisionTests {
  /// What happens to 11…20 of 30, sent as a batch of ten.
  private struct Case: Sendable {
    let answer: UpstreamAnswer
    let action: UpstreamAction
    var acked: UInt64 = 10
    var limit = 500
    var failures = 0
  }

  private static let before = UpstreamState(acked: 10, sent: 20)

  @Test(arguments: [
    Case(
      answer: .acknowledged(ackedSeq: 20, nextBatch: 100, minInterval: .milliseconds(5)),
      action: .acknowledge(pause: .milliseconds(5)), acked: 20, limit: 100),
    Case(
      answer: .acknowledged(ackedSeq: 15, nextBatch: nil, minInterval: .zero),
      action: .acknowledge(pause: .zero), acked: 15),
    Case(
      answer: .acknowledged(ackedSeq: 10, nextBatch: nil, minInterval: .zero),
      action: .again(
        pause: .milliseconds(500), why: "central acknowledges nothing of what was sent"), failures: 1),
    Case(
      answer: .acknowledged(ackedSeq: 21, nextBatch: nil, minInterval: .zero),
      action: .beginEpoch(pause: .zero), failures: 1),
    Case(
      answer: .acknowledged(ackedSeq: 20, nextBatch: 0, minInterval: .zero),
      action: .acknowledge(pause: .zero), acked: 20, limit: 1),
    Case(
      answer: .acknowledged(ackedSeq: 20, nextBatch: .max, minInterval: .zero),
      action: .acknowledge(pause: .zero), acked: 20, limit: 5000),
    Case(
      answer: .wanted(4),
      action: .again(pause: .zero, why: "central asks for summaries from number 4 on"), acked: 3, failures: 1),
    Case(
      answer: .wanted(0),
      action: .again(pause: .zero, why: "central asks for summaries from number 0 on"), acked: 0, failures: 1),
    Case(
      answer: .wanted(11),
      action: .again(pause: .milliseconds(500), why: "central asks for summaries from number 11 on"),
      failures: 1),
    Case(answer: .wanted(21), action: .acknowledge(pause: .zero), acked: 20),
    Case(answer: .wanted(22), action: .beginEpoch(pause: .zero), failures: 1),
    Case(
      answer: .tooLarge,
      action: .again(pause: .zero, why: "a batch of 10 is too large for central: halved to 5"), limit: 5),
    Case(
      answer: .unavailable(retryAfter: .seconds(7)), action: .obey(pause: .seconds(7)), failures: 1),
    Case(answer: .unavailable(retryAfter: .zero), action: .obey(pause: .seconds(1)), failures: 1),
    Case(
      answer: .unavailable(retryAfter: nil),
      action: .again(pause: .milliseconds(500), why: "central is unavailable"), failures: 1),
    Case(
      answer: .failed("connect: refused"), action: .again(pause: .milliseconds(500), why: "connect: refused"),
      failures: 1),
  ])
  private func `an answer leads to one action`(example: Case) {
    var state = Self.before
    let action = UpstreamDecision.decide(&state, example.answer, count: 10, unit: 0.5)
    #expect(action == example.action)
    #expect(state.acked == example.acked)
    #expect(state.batchLimit == example.limit)
    #expect(state.failures == example.failures)
  }

  @Test func `what is asked for twice in a row waits before the second time`() {
    var state = Self.before
    _ = UpstreamDecision.decide(&state, .wanted(4), count: 10, unit: 0.5)
    let second = UpstreamDecision.decide(&state, .wanted(2), count: 10, unit: 0.5)
    #expect(second == .again(pause: .seconds(1), why: "central asks for summaries from number 2 on"))
  }

  @Test func `a second new epoch in a row waits`() {
    var state = Self.before
    _ = UpstreamDecision.decide(&state, .wanted(99), count: 10, unit: 0.5)
    #expect(
      UpstreamDecision.decide(&state, .wanted(99), count: 10, unit: 0.5) == .beginEpoch(pause: .seconds(1)))
  }

  @Test func `a single summary that is too large goes without details, and then waits instead of spinning`() {
    var state = Self.before
    let first = UpstreamDecision.decide(&state, .tooLarge, count: 1, unit: 0.5)
    #expect(
      first
        == .again(
          pause: .zero, why: "central refuses a single summary as too large: it goes without its details"))
    #expect(state.batchLimit == 1)
    #expect(!state.sendsDetails)
    let second = UpstreamDecision.decide(&state, .tooLarge, count: 1, unit: 0.5)
    #expect(
      second == .again(pause: .milliseconds(500), why: "central refuses a single summary as too large"))
    let third = UpstreamDecision.decide(
      &state, .acknowledged(ackedSeq: 11, nextBatch: 500, minInterval: .zero), count: 1, unit: 0.5)
    #expect(third == .acknowledge(pause: .zero))
    #expect(state.sendsDetails)
  }

  @Test func `a batch that was halved grows again with what is acknowledged, up to what is asked for`() {
    var state = UpstreamState(acked: 0, sent: .max - 1, fitting: 8)
    var limits: [Int] = []
    for acked in 1...5 {
      _ = UpstreamDecision.decide(
        &state, .acknowledged(ackedSeq: UInt64(acked), nextBatch: 12, minInterval: .zero),
        count: state.batchLimit, unit: 0)
      limits.append(state.batchLimit)
    }
    #expect(limits == [9, 10, 11, 12, 12])
  }

  @Test func `the wait doubles from one second to five minutes and stays there`() {
    var state = Self.before
    var seconds: [Double] = []
    for _ in 1...11 {
      guard case .again(let pause, _) = UpstreamDecision.decide(&state, .failed("x"), count: 1, unit: 1)
      else { break }
      seconds.append(pause.fractionalSeconds)
    }
    #expect(seconds == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
  }

  @Test func `an acknowledgement ends the waiting`() {
    var state = UpstreamState(acked: 10, sent: 20, failures: 7)
    _ = UpstreamDecision.decide(
      &state, .acknowledged(ackedSeq: 11, nextBatch: nil, minInterval: .zero), count: 10, unit: 1)
    #expect(state.failures == 0)
  }
}
