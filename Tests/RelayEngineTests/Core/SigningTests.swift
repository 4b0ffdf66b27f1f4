import RelayCrypto
import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// What `forward` signs, and what a signature covers.
@Suite struct SigningTests {
  private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  private func bench(_ sign: String) throws -> (EngineBench, RecordKey) {
    let bench = try EngineBench()
    bench.secrets.known["env:OUT"] = Self.secret
    try bench.crash()
    let key = try bench.accept(
      #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"a","forward":{"url":"https://x.example/in","sign":\#(sign)}}]}"#,
      event: #"{"n":1}"#, headers: [("webhook-signature", "v1,of the sender")])
    let failure = try bench.execution(key).failure
    #expect(failure == nil || sign.contains("standart"), "\(failure?.message ?? "")")
    return (bench, key)
  }

  @Test func `the event is signed anew, and the sender's signature goes`() throws {
    let (bench, _) = try bench(#"{"provider":"standard-webhooks","secret":"env:OUT"}"#)
    let sent = try #require(bench.transport.open.first)
    let id = try #require(sent.header("webhook-id"))
    let timestamp = try #require(sent.header("webhook-timestamp"))
    #expect(timestamp == "\(bench.time.now().seconds)")
    #expect(sent.request.headers.occurrences("webhook-signature") == 1)
    #expect(sent.header("webhook-signature")?.hasPrefix("v1,") == true)
    #expect(sent.header("webhook-signature") != "v1,of the sender")
    #expect(sent.body == #"{"n":1}"#)
    #expect(id == sent.header("Idempotency-Key"))
  }

  @Test func `a retry is the same delivery, signed at its own time`() throws {
    let (bench, _) = try bench(#"{"provider":"standard-webhooks","secret":"env:OUT"}"#)
    bench.transport.answer(503)
    bench.settle()
    bench.time.advance(by: .seconds(5))
    bench.settle()
    let sent = bench.transport.sent
    try #require(sent.count == 2)
    #expect(sent[0].header("webhook-id") == sent[1].header("webhook-id"))
    #expect(sent[0].request.body == sent[1].request.body)
    #expect(sent[0].header("webhook-timestamp") != sent[1].header("webhook-timestamp"))
    #expect(sent[0].header("webhook-signature") != sent[1].header("webhook-signature"))
  }

  @Test func `neither the kept request nor what is shown holds the signature`() throws {
    let (bench, key) = try bench(#"{"provider":"standard-webhooks","secret":"env:OUT"}"#)
    let signature = try #require(bench.transport.open.first?.header("webhook-signature"))
    bench.transport.answer(503, [], "you sent \(Self.secret)")
    bench.settle()
    let kept = try bench.store.read { (snapshot) throws(StoreError) in try snapshot.keptRequest(of: key) }
    let attempt = try #require(try bench.attempts(key).first)
    for bytes in [kept, attempt.request, attempt.response] {
      let text = bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
      #expect(!text.contains(signature) && !text.contains(Self.secret))
    }
  }

  @Test func `a provider that does not exist fails the step, and nothing is sent`() throws {
    let (bench, _) = try bench(#"{"provider":"standart-webhooks","secret":"env:OUT"}"#)
    #expect(bench.transport.sent.isEmpty)
    let counters = try bench.store.read { (snapshot) throws(StoreError) in try snapshot.counters() }
    #expect(counters.executions[.failed] == 1)
  }
}
