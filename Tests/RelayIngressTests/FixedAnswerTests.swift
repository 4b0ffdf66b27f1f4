import RelayCrypto
import RelayHTTP
import RelayIngress
import RelayModel
import RelayStore
import Testing

/// What providers insist on in place of the relay's own answer: each reads another one as a failure, and sends
/// again or switches the hook off.
@Suite struct FixedAnswerTests {
  /// A sound delivery as one provider sends it, and what it wants to hear.
  struct Row: Sendable, CustomTestStringConvertible {
    let provider: String
    var secret = IngressBench.secret
    var query = ""
    var headers: [(String, String)] = []
    var body = ""
    let status: Int
    /// Nil: the relay's own body.
    let answer: String?
    var type: String?

    var testDescription: String { provider }
  }

  private static func code(
    _ text: String, _ algorithm: DigestAlgorithm = .sha256, secret: [UInt8] = Array(IngressBench.secret.utf8)
  ) -> [UInt8] {
    do {
      return try HMACKey(algorithm, secret: secret).code(Array(text.utf8))
    } catch {
      preconditionFailure("libcrypto computes no HMAC: \(error)")
    }
  }

  private static func base64(_ bytes: [UInt8]) -> String { Base64.standard.text(bytes) }

  static let adyen: Row = {
    let key = [UInt8](0..<32)
    let mac = base64(code("P1::Shop:R1:1000:EUR:AUTHORISATION:true", secret: key))
    return Row(
      provider: "adyen", secret: Hex.text(key),
      body: """
        {"live":"false","notificationItems":[{"NotificationRequestItem":{"pspReference":"P1","merchantAccountCode":"Shop",
        "merchantReference":"R1","amount":{"value":1000,"currency":"EUR"},"eventCode":"AUTHORISATION","success":"true",
        "additionalData":{"hmacSignature":"\(mac)"}}}]}
        """, status: 200, answer: "[accepted]", type: "text/plain")
  }()

  static let xero: Row = {
    let body = #"{"events":[{"eventType":"UPDATE"}],"firstEventSequence":1}"#
    return Row(
      provider: "xero", headers: [("x-xero-signature", base64(code(body)))], body: body, status: 200,
      answer: "")
  }()

  static let twilio: Row = {
    let signed = "https://hooks.example.com/hooks/twilioBodyHiFrom+1MessageSidSM1"
    return Row(
      provider: "twilio",
      headers: [
        ("X-Twilio-Signature", base64(code(signed, .sha1))),
        ("Content-Type", "application/x-www-form-urlencoded"),
      ], body: "MessageSid=SM1&From=%2B1&Body=Hi", status: 200,
      answer: #"<?xml version="1.0" encoding="UTF-8"?><Response></Response>"#, type: "text/xml; charset=utf-8"
    )
  }()

  static let dropboxSign: Row = {
    let hash = Hex.text(code("1700000000signature_request_sent"))
    return Row(
      provider: "dropbox-sign",
      body:
        #"{"event":{"event_time":"1700000000","event_type":"signature_request_sent","event_hash":"\#(hash)"}}"#,
      status: 200, answer: "Hello API Event Received", type: "text/plain")
  }()

  @Test(arguments: [adyen, xero, twilio, dropboxSign])
  func `an accepted delivery, and its duplicate, is answered as its provider demands`(row: Row) throws {
    let bench = try IngressBench(hooks: [.sample(row.provider, secret: row.secret)])
    for _ in 0..<2 {
      let response = try bench.send("POST", "/hooks/\(row.provider)\(row.query)", row.headers, body: row.body)
      #expect(response.status == row.status, "\(response.text)")
      #expect(response.text == row.answer)
      if let type = row.type { #expect(response.field("Content-Type") == type) }
      #expect(response.field("Petrel-Event-Id")?.hasPrefix("evt_") == true)
    }
    #expect(try !bench.events.isEmpty)
  }

  @Test func `Xero is refused without a word`() throws {
    let bench = try IngressBench(hooks: [.sample("xero")])
    for body in [#"{"events":[]}"#, Self.xero.body] {
      let response = try bench.send("POST", "/hooks/xero", [("x-xero-signature", "AAAA")], body: body)
      #expect(response.status == 401)
      #expect(response.body.isEmpty)
    }
    #expect(try bench.events.isEmpty)
  }

  @Test func `Xero's question whether the hook is there is answered when it is signed, and is no event`()
    throws
  {
    let bench = try IngressBench(hooks: [.sample("xero")])
    let body = #"{"events":[],"firstEventSequence":0}"#
    let response = try bench.send(
      "POST", "/hooks/xero", [("x-xero-signature", Self.base64(Self.code(body)))], body: body)
    #expect(response.status == 200)
    #expect(response.body.isEmpty)
    #expect(try bench.events.isEmpty)
  }

  @Test(arguments: ["postmark", "chargebee", "pipedrive", "mixpanel", "sparkpost", "bandwidth"])
  func `a provider that sends its password only when it is asked is asked`(provider: String) throws {
    let bench = try IngressBench(hooks: [.sample(provider, secret: "user:a-password-of-sixteen-bytes")])
    let response = try bench.send("POST", "/hooks/\(provider)", body: "{}")
    #expect(response.status == 401)
    #expect(response.field("WWW-Authenticate")?.hasPrefix("Basic realm=") == true)
    #expect(try bench.events.isEmpty)
  }

  @Test func `a body that the operator wrote goes before the provider's`() throws {
    var hook = try IngressHook.sample("twilio")
    hook.answer = AcceptedAnswer(
      status: 200, body: "<Response><Message>Hi</Message></Response>", contentType: "text/xml")
    let bench = try IngressBench(hooks: [hook])
    let response = try bench.send("POST", "/hooks/twilio", Self.twilio.headers, body: Self.twilio.body)
    #expect(response.status == 200)
    #expect(response.text == "<Response><Message>Hi</Message></Response>")
    #expect(response.field("Content-Type") == "text/xml")
  }

  @Test func `what was not stored is never answered as the provider would like it`() throws {
    let bench = try IngressBench(hooks: [.sample("adyen", secret: Self.adyen.secret)])
    bench.store.drainAndClose()
    let response = try bench.send("POST", "/hooks/adyen", Self.adyen.headers, body: Self.adyen.body)
    #expect(response.status == 503)
    #expect(response.text != "[accepted]")
  }
}
