import RelayEngine
import RelayHTTP
import RelayModel
import Testing

@Suite struct RetryDecisionTests {
  private let start = Timestamp(seconds: 1_790_000_000)
  private let failure = Failure(step: "send", code: "http_status", message: "the destination answered 500")

  private func decide(
    asked: Duration? = nil, isFree: Bool = false, rule: RetryRule = RetryRule(), attempt: Int = 1,
    spent: Duration = .zero, unit: Double = 0.5
  ) -> RetryDecision {
    RetryDecision.after(
      failure, asked: asked, isFree: isFree, rule: rule, attempt: attempt, firstAt: start,
      now: start + spent, unit: unit)
  }

  @Test(arguments: [(1, 500), (2, 1000), (3, 2000), (13, 1_800_000), (40, 1_800_000)])
  func `a counted failure waits half its backoff on average`(attempt: Int, milliseconds: Int) {
    #expect(decide(attempt: attempt) == .again(at: start + .milliseconds(milliseconds), attempt: attempt))
  }

  @Test func `without jitter it waits the whole base`() {
    #expect(
      decide(rule: RetryRule(hasJitter: false), attempt: 3) == .again(at: start + .seconds(4), attempt: 3))
  }

  @Test(arguments: [(120, 120_000), (1, 1000), (0, 1000), (86_400, 86_400_000)])
  func `what the destination asks for is kept, and does not count`(asked: Int, milliseconds: Int) {
    #expect(
      decide(asked: .seconds(asked), isFree: true, attempt: 3)
        == .again(at: start + .milliseconds(milliseconds), attempt: 2))
  }

  @Test func `a short initial wait lets an asked for wait of nothing be as short`() {
    let rule = RetryRule(backoff: Backoff(initial: .milliseconds(20)))
    #expect(
      decide(asked: .zero, isFree: true, rule: rule) == .again(at: start + .milliseconds(20), attempt: 0))
  }

  @Test(arguments: [(0, 500), (1, 1000), (63, 32_000), (86_400, 1_800_000)])
  func `a free failure that asks for nothing backs off by the time spent`(spent: Int, milliseconds: Int) {
    #expect(
      decide(isFree: true, attempt: 1, spent: .seconds(spent))
        == .again(at: start + .seconds(spent) + .milliseconds(milliseconds), attempt: 0))
  }

  @Test func `the last attempt allowed is the last, and is told`() {
    let rule = RetryRule(attempts: 3)
    #expect(decide(rule: rule, attempt: 2) == .again(at: start + .seconds(1), attempt: 2))
    var told = failure
    told.attempts = 3
    #expect(decide(rule: rule, attempt: 3) == .over(told))
  }

  @Test func `a free failure is tried again beyond the attempts allowed`() {
    let rule = RetryRule(attempts: 1)
    #expect(
      decide(isFree: true, rule: rule, attempt: 1) == .again(at: start + .milliseconds(500), attempt: 0))
  }

  @Test func `no attempt begins after the budget`() {
    let rule = RetryRule(budget: .seconds(10))
    #expect(
      decide(rule: rule, attempt: 4, spent: .seconds(6)) == .again(at: start + .seconds(10), attempt: 4))
    var told = failure
    told.attempts = 4
    #expect(decide(rule: rule, attempt: 4, spent: .seconds(7)) == .over(told))
    #expect(decide(asked: .seconds(60), isFree: true, rule: rule, attempt: 4) == .over(told))
  }
}

@Suite struct AttemptResultTests {
  private let now = Timestamp(seconds: 1_790_000_000)

  private func answer(_ status: Int, _ headers: [(String, String)] = []) -> HTTPAnswer {
    HTTPAnswer(status: status, headers: HeaderFields(headers), body: [], url: "https://x.example/")
  }

  private func judge(_ status: Int, _ headers: [(String, String)] = []) -> String {
    switch AttemptResult.judge(answer(status, headers), step: "send", now: now) {
    case .succeeded: "succeeded"
    case .refused(let failure): "refused \(failure.status ?? 0)"
    case .failed(let failure, let after, let isFree):
      "failed \(failure.status ?? 0)" + (after.map { " after \($0.text)" } ?? "") + (isFree ? " free" : "")
    }
  }

  @Test(arguments: [200, 201, 202, 204, 299])
  func `any 2xx is success`(status: Int) { #expect(judge(status) == "succeeded") }

  @Test(arguments: [301, 302, 304, 400, 401, 403, 404, 409, 410, 413, 422, 451, 600])
  func `another status ends the step at once`(status: Int) { #expect(judge(status) == "refused \(status)") }

  @Test(arguments: [408, 425, 500, 502, 503, 504, 599])
  func `a passing failure may succeed later, and counts`(status: Int) {
    #expect(judge(status) == "failed \(status)")
  }

  @Test func `429 is free, and so is whatever says when to come again`() {
    #expect(judge(429) == "failed 429 free")
    #expect(judge(429, [("retry-after", "7")]) == "failed 429 after 7s free")
    #expect(judge(503, [("Retry-After", "120")]) == "failed 503 after 2m free")
    #expect(judge(503, [("Retry-After", "soon")]) == "failed 503")
    #expect(judge(400, [("Retry-After", "120")]) == "refused 400")
  }

  @Test(arguments: [
    (200, Breaker.Verdict.alive), (302, .alive), (404, .alive), (429, .alive), (408, .failed), (503, .failed),
  ])
  func `only the destination's own failures count for its breaker`(status: Int, verdict: Breaker.Verdict) {
    #expect(Breaker.Verdict(answer(status)) == verdict)
  }

  @Test func `a network error is tried again, a refusal of ours is not`() {
    let refused = AttemptResult.judge(.badURL("no scheme"), step: "send")
    #expect(refused == .refused(Failure(step: "send", code: "bad_url", message: "no scheme")))
    let destination = Destination(scheme: .http, host: .name("x.example"), port: 80)
    let error = TransferError.timeout(destination, after: .seconds(30), .sent)
    guard case .failed(let failure, nil, false) = AttemptResult.judge(error, step: "send") else {
      Issue.record("a timeout is tried again, and counts")
      return
    }
    #expect(failure.code == "timeout")
    #expect(Breaker.Verdict(error) == .failed)
    #expect(Breaker.Verdict(.cancelled(.sent)) == .unknown)
  }
}
