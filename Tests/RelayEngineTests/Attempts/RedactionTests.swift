import RelayDocuments
import RelayEngine
import RelayHTTP
import RelayModel
import RelayWorkflow
import Testing

@Suite struct RedactionTests {
  @Test(
    arguments: [
      "Authorization", "proxy-authorization", "Cookie", "Set-Cookie", "X-Hub-Signature-256",
      "webhook-signature",
      "X-Api-Key", "X-Auth-Token", "X-Shopify-Hmac-Sha256", "Stripe-Signature", "X-Client-Secret",
    ])
  func `the value of a field that carries a credential is hidden`(name: String) {
    #expect(Redaction.hides(header: name))
  }

  @Test(arguments: ["Content-Type", "Idempotency-Key", "Retry-After", "Date", "User-Agent", "X-Request-Id"])
  func `the value of another field is shown`(name: String) { #expect(!Redaction.hides(header: name)) }

  @Test func `a secret is hidden wherever it turns up`() {
    let redaction = Redaction(secrets: [Array("s3cret".utf8), []])
    #expect(redaction.shown("https://x.example/?k=s3cret&l=1") == "https://x.example/?k=[redacted]&l=1")
    #expect(
      redaction.shown(body: Array("{\"a\":\"s3crets3cret\"}".utf8)) == "{\"a\":\"[redacted][redacted]\"}")
    #expect(redaction.shown("nothing here") == "nothing here")
  }

  @Test func `a secret that the cut would split leaves nothing of it behind`() throws {
    let redaction = Redaction(secrets: [Array("s3cret-s3cret".utf8)])
    let body = Array(String(repeating: "x", count: 6).utf8) + Array("s3cret-s3cret".utf8)
    let shown = try #require(redaction.shown(body: body, limit: 10))
    #expect(shown == "xxxxxx[redacted]")
  }

  @Test(arguments: [(3, "aä"), (4, "aä"), (5, "aä"), (6, "aä€"), (9, "aä€"), (10, "aä€😀")])
  func `a cut leaves whole characters`(limit: Int, shown: String) {
    #expect(Redaction().shown(body: Array("aä€😀".utf8), limit: limit) == shown)
  }

  @Test func `what is no text is not shown`() {
    #expect(Redaction().shown(body: [0x66, 0xFF, 0xFE, 0x67]) == nil)
  }
}

@Suite struct AttemptTextTests {
  private let redaction = Redaction(secrets: [Array("hunter22".utf8)])

  private func answer(_ status: Int, _ headers: [(String, String)], _ body: String) -> HTTPAnswer {
    HTTPAnswer(
      status: status, headers: HeaderFields(headers), body: Array(body.utf8), url: "https://x.example/")
  }

  private func request(_ url: String, _ headers: [(String, String)], _ body: [UInt8]) -> RenderedRequest {
    RenderedRequest(
      method: "POST", url: url, hostIsLiteral: true, headers: HeaderFields(headers), body: body)
  }

  @Test func `a success keeps the line and the status`() {
    let request = AttemptText.request(
      request("https://x.example/hunter22", [("A", "b")], [1]), .line, redaction)
    #expect(
      String(decoding: request, as: UTF8.self) == #"{"method":"POST","url":"https://x.example/[redacted]"}"#)
    let response = AttemptText.response(answer(201, [("A", "b")], "made"), .line, redaction)
    #expect(String(decoding: response, as: UTF8.self) == #"{"status":201}"#)
  }

  @Test func `a failure keeps headers and bodies, without what is secret`() throws {
    let request = AttemptText.request(
      request(
        "https://x.example/",
        [
          ("Authorization", "Bearer abc"), ("X-Note", "hunter22"), ("Accept", "a"), ("Accept", "b"),
          ("Accept", "c"),
        ], Array("pass hunter22".utf8)), .whole, redaction)
    let shown = try JSON.parse(request)
    #expect(shown["headers"]?["Authorization"] == .string(Redaction.mark))
    #expect(shown["headers"]?["X-Note"] == .string(Redaction.mark))
    #expect(shown["headers"]?["Accept"] == ["a", "b", "c"])
    #expect(shown["body"] == "pass [redacted]")
    #expect(shown["body_bytes"] == 13)
    #expect(!String(decoding: request, as: UTF8.self).contains("hunter22"))
    let response = AttemptText.response(
      answer(500, [("Set-Cookie", "id=1")], "no hunter22"), .whole, redaction)
    #expect(
      String(decoding: response, as: UTF8.self)
        == #"{"status":500,"headers":{"Set-Cookie":"[redacted]"},"body":"no [redacted]","body_bytes":11}"#)
  }

  @Test func `a long body is cut and its length told`() throws {
    let body = [UInt8](repeating: UInt8(ascii: "x"), count: 100_000)
    let shown = try JSON.parse(
      AttemptText.request(request("u", [], body), .whole, redaction))
    #expect(shown["body"]?.string?.utf8.count == EngineBounds.shownBody)
    #expect(shown["body_bytes"] == 100_000)
  }
}

@Suite struct IdempotencyKeyTests {
  @Test func `the key names the execution and the step`() throws {
    #expect(try IdempotencyKey.text(execution: "exe_1", step: "route/0/notify") == "exe_1:route/0/notify")
  }

  @Test func `a key of 200 bytes is sent as it is, a longer one as its hash`() throws {
    let longest = String(repeating: "a", count: 198)
    #expect(try IdempotencyKey.text(execution: "e", step: longest) == "e:\(longest)")
    let hashed = try IdempotencyKey.text(execution: "e", step: longest + "a")
    #expect(hashed == "da880bae63ecc05f7ff7787ac374689d5d14f147ef337d35ee0c62634382333e")
  }
}
