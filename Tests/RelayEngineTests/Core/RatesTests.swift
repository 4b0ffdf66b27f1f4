import RelayEngine
import RelayHTTP
import RelayModel
import Testing

/// `egress.rates`, from the document to the requests.
@Suite struct RatesTests {
  private let document =
    #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"a","http":{"url":"https://x.example/"}}]}"#

  private func limits(_ requests: Int, _ per: Duration = .seconds(1)) -> DestinationGate.Limits {
    DestinationGate.Limits(rates: RateRules(["x.example": RateRule(requests: requests, per: per)]))
  }

  /// Lets `span` pass, in which every request is answered at once and the engine comes `late` to what is due; how
  /// many requests went.
  private func sent(in span: Duration, late: Duration = .zero, _ bench: EngineBench) -> Int {
    let (first, end) = (bench.transport.count, bench.time.elapsed() + span)
    while true {
      while bench.transport.open.first != nil {
        bench.transport.answer(200)
        bench.settle()
      }
      guard let deadline = bench.core.nextDeadline, deadline + late < end else { break }
      bench.pass(max(deadline - bench.time.elapsed(), .zero) + late + .milliseconds(1))
    }
    if bench.time.elapsed() < end { bench.pass(end - bench.time.elapsed()) }
    return bench.transport.count - first
  }

  @Test(arguments: [0, 30, 80])
  func `a destination gets as much as its rate lets it have, also from a busy machine`(late: Int) throws {
    let bench = try EngineBench(limits: limits(10))
    for _ in 0..<200 { try bench.accept(document) }
    let sent = sent(in: .seconds(15), late: .milliseconds(late), bench)
    #expect((145...152).contains(sent), "\(sent)")
  }

  @Test func `a restart lets no burst go`() throws {
    let bench = try EngineBench(limits: limits(100, .seconds(100)))
    for _ in 0..<60 { try bench.accept(document) }
    #expect(bench.transport.count == 10, "a tenth at once")
    _ = sent(in: .zero, bench)
    for _ in 0..<5 {
      try bench.crash()
      #expect(sent(in: .milliseconds(900), bench) <= 1)
    }
    #expect((18...22).contains(sent(in: .seconds(20), bench)))
  }

  @Test func `a reload holds destinations that are known to the new rate, and lets go of an old one`() throws
  {
    let bench = try EngineBench(limits: DestinationGate.Limits())
    try bench.accept(document)
    #expect(sent(in: .seconds(1), bench) == 0)
    func use(_ limits: DestinationGate.Limits) {
      bench.configuration.destinations = limits
      bench.put(.configure(bench.configuration))
      bench.settle()
    }
    use(limits(2))
    for _ in 0..<40 { try bench.accept(document) }
    #expect((4...6).contains(sent(in: .seconds(2), bench)))
    use(limits(10))
    // Who has been put down comes when it was told.
    #expect((3...6).contains(sent(in: .seconds(2), bench)))
    for _ in 0..<40 { try bench.accept(document) }
    #expect((18...24).contains(sent(in: .seconds(2), bench)))
    use(DestinationGate.Limits())
    _ = sent(in: .seconds(30), bench)
    #expect(bench.transport.count == 81)
  }
}
