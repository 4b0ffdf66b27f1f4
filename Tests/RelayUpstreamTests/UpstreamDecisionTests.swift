import RelayModel
import Testing

@testable import RelayUpstream

@Suite struct UpstreamDecisionTests {
  private struct Case: Sendable {
    let answer: UpstreamAnswer
    let action: UpstreamAction
    let after: UpstreamState
  }

  private static let before = UpstreamState(acked: 10, batchLimit: 500)

  @Test(arguments: [
    Case(
      answer: .acknowledged(ackedSeq: 20, nextBatch: 100, minInterval: .milliseconds(5)),
      action: .acknowledge(upTo: 20, pause: .milliseconds(5)),
      after: UpstreamState(acked: 20, batchLimit: 100)),
    Case(
      answer: .acknowledged(ackedSeq: 5, nextBatch: nil, minInterval: .zero),
      action: .acknowledge(upTo: 10, pause: .zero), after: before),
    Case(
      answer: .acknowledged(ackedSeq: 31, nextBatch: nil, minInterval: .zero),
      action: .beginEpoch, after: before),
    Case(
      answer: .acknowledged(ackedSeq: 20, nextBatch: 0, minInterval: .zero),
      action: .acknowledge(upTo: 20, pause: .zero), after: UpstreamState(acked: 20, batchLimit: 1)),
    Case(
      answer: .acknowledged(ackedSeq: 20, nextBatch: .max, minInterval: .zero),
      action: .acknowledge(upTo: 20, pause: .zero), after: UpstreamState(acked: 20, batchLimit: 5000)),
    Case(
      answer: .wanted(4), action: .acknowledge(upTo: 3, pause: .zero),
      after: UpstreamState(acked: 3, batchLimit: 500)),
    Case(
      answer: .wanted(0), action: .acknowledge(upTo: 0, pause: .zero),
      after: UpstreamState(acked: 0, batchLimit: 500)),
    Case(
      answer: .wanted(31), action: .acknowledge(upTo: 30, pause: .zero),
      after: UpstreamState(acked: 30, batchLimit: 500)),
    Case(answer: .wanted(32), action: .beginEpoch, after: before),
    Case(
      answer: .tooLarge,
      action: .again(pause: .zero, why: "the batch is too large for central: halved to 250"),
      after: UpstreamState(acked: 10, batchLimit: 250)),
    Case(
      answer: .unavailable(retryAfter: .seconds(7)),
      action: .again(pause: .seconds(7), why: "central asks to wait"),
      after: UpstreamState(acked: 10, batchLimit: 500, failures: 1)),
    Case(
      answer: .unavailable(retryAfter: .seconds(1_000_000)),
      action: .again(pause: .seconds(86_400), why: "central asks to wait"),
      after: UpstreamState(acked: 10, batchLimit: 500, failures: 1)),
    Case(
      answer: .failed("connect: refused"), action: .again(pause: .milliseconds(500), why: "connect: refused"),
      after: UpstreamState(acked: 10, batchLimit: 500, failures: 1)),
  ])
  private func `an answer leads to one action`(example: Case) {
    var state = Self.before
    let action = UpstreamDecision.decide(&state, example.answer, lastSeq: 30, unit: 0.5)
    #expect(action == example.action)
    #expect(state == example.after)
  }

  @Test func `a single event that is too large waits instead of spinning`() {
    var state = UpstreamState(acked: 10, batchLimit: 1)
    let action = UpstreamDecision.decide(&state, .tooLarge, lastSeq: 30, unit: 1)
    #expect(
      action == .again(pause: .seconds(1), why: "central refuses a batch of one event as too large"))
  }

  @Test func `the wait doubles from one second to five minutes and stays there`() {
    let seconds = (1...12).map { UpstreamDecision.ceiling(failures: $0).components.seconds }
    #expect(seconds == [1, 2, 4, 8, 16, 32, 64, 128, 300, 300, 300, 300])
  }

  @Test func `an acknowledgement ends the waiting`() {
    var state = UpstreamState(acked: 10, batchLimit: 500, failures: 7)
    _ = UpstreamDecision.decide(
      &state, .acknowledged(ackedSeq: 11, nextBatch: nil, minInterval: .zero), lastSeq: 30, unit: 1)
    #expect(state.failures == 0)
  }
}
