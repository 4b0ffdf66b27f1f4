import RelayDocuments
import RelayHTTP
import RelayIngress
import RelayModel
import RelayStore
import Testing

@Suite struct RefusedTests {
  private func bench() throws -> IngressBench {
    try IngressBench(hooks: [.sample(workflows: [IngressHook.flow("one")])])
  }

  private func isProblem(_ response: HTTPResponse, _ status: Int, _ code: String) -> Bool {
    response.status == status && response.code == code
      && response.field("Content-Type") == "application/problem+json"
      && response.json?["status"] == JSON(status)
  }

  @Test func `a wrong signature is refused with its code, kept once, and never told what was expected`()
    throws
  {
    let bench = try bench()
    let response = try bench.deliver(secret: "some other secret of somebody")
    #expect(isProblem(response, 401, "no_matching_signature"))
    #expect(response.field("Petrel-Event-Id") == nil)
    let accepted = try bench.deliver()
    #expect(accepted.status == 202)
    let kept = try #require(bench.rejected.first)
    #expect(try bench.rejected.count == 1)
    #expect(kept.record.code == .noMatchingSignature)
    #expect(kept.record.hook == "github")
    #expect(!response.text.contains(IngressBench.secret))
    #expect(try bench.events.count == 1)
  }

  @Test(
    arguments: [
      ([], "missing_header"), ([("X-Hub-Signature-256", "sha1=00")], "malformed_header"),
      ([("X-Hub-Signature-256", "sha256=zz")], "malformed_header"),
    ] as [([(String, String)], String)])
  func `a signature that is missing or no signature says so`(headers: [(String, String)], code: String) throws
  {
    let bench = try bench()
    #expect(isProblem(try bench.send("POST", "/hooks/github", headers, body: "{}"), 401, code))
    #expect(try bench.rejected.map(\.record.code.rawValue) == [code])
    #expect(try bench.events.isEmpty)
  }

  @Test func `a stale timestamp is refused`() throws {
    let bench = try IngressBench(hooks: [.sample("stripe", name: "pay")])
    let response = try bench.send(
      "POST", "/hooks/pay", [("Stripe-Signature", "t=1700000000,v1=\(String(repeating: "ab", count: 32))")],
      body: "{}")
    #expect(response.status == 401)
    #expect(["timestamp_out_of_tolerance", "no_matching_signature"].contains(response.code))
  }

  @Test func `a refusal leaves no mark: the same delivery, signed, is new`() throws {
    let bench = try bench()
    _ = try bench.deliver(secret: "some other secret of somebody")
    #expect(try bench.deliver().status == 202)
  }

  @Test func `what strangers send is counted, and kept no faster than the disk bears`() throws {
    let bench = try bench()
    for _ in 0..<100 { #expect(try bench.send(body: "{}").status == 401) }
    #expect(try bench.rejected.count == 20)
    #expect(bench.ingress.tally.all.values.reduce(0, +) == 100)
    bench.time.advance(.seconds(1))
    _ = try bench.send(body: "{}")
    #expect(try bench.rejected.count == 21)
  }

  @Test(arguments: ["/hooks/unknown", "/hooks/", "/hooks", "/", "/hooks/github/more", "/hooks/GitHub"])
  func `a hook that is not there is 404`(target: String) throws {
    let bench = try bench()
    #expect(isProblem(try bench.send("POST", target), 404, "unknown_source"))
    #expect(try bench.rejected.isEmpty)
  }

  @Test func `the names that strangers try are shown harmlessly and not kept`() throws {
    let bench = try bench()
    let response = try bench.send("POST", "/hooks/\u{7}\(String(repeating: "x", count: 5000))")
    #expect(response.status == 404)
    #expect(response.body.count < 500)
    #expect(bench.ingress.tally.all.keys.map(\.hook) == [""])
  }

  @Test func `a hook that is switched off takes nothing`() throws {
    var hook = try IngressHook.sample()
    hook.enabled = false
    let bench = try IngressBench(hooks: [hook])
    #expect(isProblem(try bench.deliver(), 404, "source_disabled"))
  }

  @Test(arguments: ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"])
  func `a method that the provider has no use for is 405 with those that are allowed`(method: String) throws {
    let response = try bench().send(method)
    #expect(isProblem(response, 405, "method_not_allowed"))
    #expect(response.field("Allow") == "POST")
  }

  @Test func `over the rate limit it is 429 with the seconds to wait, and then it goes on`() throws {
    var hook = try IngressHook.sample()
    hook.rateLimit = RateLimiter.Limit(requests: 1, per: .seconds(10))
    let bench = try IngressBench(hooks: [hook])
    #expect(try bench.deliver(id: "1").status == 202)
    let refused = try bench.deliver(id: "2")
    #expect(isProblem(refused, 429, "rate_limited"))
    #expect(refused.field("Retry-After") == "10")
    bench.time.advance(.seconds(10))
    #expect(try bench.deliver(id: "2").status == 202)
  }

  @Test func `a relay that drains sends senders away for a moment`() throws {
    let bench = try bench()
    bench.ingress.beginDraining()
    let response = try bench.deliver()
    #expect(isProblem(response, 503, "draining"))
    #expect(response.field("Retry-After") != nil)
    #expect(try bench.send("GET", "/healthz").status == 200)
  }

  @Test func `a store that closes accepts nothing`() throws {
    let bench = try bench()
    bench.store.drainAndClose()
    let response = try bench.deliver()
    #expect(isProblem(response, 503, "draining"))
    #expect(response.field("Retry-After") != nil)
  }

  @Test func `a store that is full accepts nothing, and nothing that it answered 202 is missing`() throws {
    let hook = try IngressHook.sample(workflows: [IngressHook.flow("one")])
    let bench = try IngressBench(hooks: [hook], maxSize: .mebibytes(4))
    let body = "{\"a\":\"\(String(repeating: "x", count: 100_000))\"}"
    var accepted = 0
    var last: HTTPResponse?
    for number in 0..<200 {
      let response = try bench.deliver(body, id: "d-\(number)")
      last = response
      guard response.status == 202 else { break }
      accepted += 1
    }
    let refused = try #require(last)
    #expect(isProblem(refused, 503, "store_full"))
    #expect(refused.field("Retry-After") != nil)
    #expect(accepted > 0)
    #expect(try bench.events.count == min(accepted, 100))
  }
}
