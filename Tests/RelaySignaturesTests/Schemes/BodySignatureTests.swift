import RelayCrypto
import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

/// Signatures that stand in the body or depend on its form.
@Suite struct BodySignatureTests {
  private func adyen(_ items: [String], key: String = "6f74746572") throws -> RefusalCode? {
    try Trial(["provider": "adyen", "secret": .string(key)]).with { trial in
      let elements = try items.map { item in
        let code = Trial.base64(try Trial.code("\(item)::::1:EUR:AUTH:true"))
        return #"""
          {"NotificationRequestItem":{"pspReference":"\#(item)","amount":{"value":1,"currency":"EUR"},
          "eventCode":"AUTH","success":"true","additionalData":{"hmacSignature":"\#(code)"}}}
          """#
      }
      trial.body = Array(#"{"notificationItems":[\#(elements.joined(separator: ","))]}"#.utf8)
    }.refusal()
  }

  @Test func `every item of a batch must be signed, and there must be one`() throws {
    #expect(try adyen(["a", "b"]) == nil)
    #expect(try adyen([]) == .unparsableBody)
    #expect(try adyen(["a"], key: "00") == .noMatchingSignature)
    let trial = Trial(["provider": "adyen", "secret": "00"])
    #expect(try trial.with { $0.body = Array("{}".utf8) }.refusal() == .unparsableBody)
    #expect(try trial.with { $0.body = Array("x".utf8) }.refusal() == .unparsableBody)
    let bare = #"{"notificationItems":[{"NotificationRequestItem":{}}]}"#
    #expect(try trial.with { $0.body = Array(bare.utf8) }.refusal() == .missingHeader)
    #expect(
      try trial.with { $0.body = Array(#"{"notificationItems":[{}]}"#.utf8) }.refusal() == .unparsableBody)
  }

  @Test(
    arguments: [
      (#"{"value":[{"clientState":"otter"},{"clientState":"otter"}]}"#, nil),
      (#"{"value":[{"clientState":"otter"},{"clientState":"x"}]}"#, .noMatchingSignature),
      (#"{"value":[{"clientState":"otter"},{}]}"#, .missingHeader), (#"{"value":[]}"#, .unparsableBody),
      (#"{"value":{}}"#, .unparsableBody), ("", .unparsableBody),
    ] as [(String, RefusalCode?)])
  func `every notification of a batch must carry the token`(body: String, code: RefusalCode?) throws {
    let trial = Trial(["provider": "microsoft-graph", "secret": "otter"])
    #expect(try trial.with { $0.body = Array(body.utf8) }.refusal() == code)
  }

  @Test func `the grammar's own way of writing it is understood too`() throws {
    let trial = Trial([
      "type": "token", "secret": "otter", "signature": ["from": "json", "name": "value[].clientState"],
    ])
    let body = #"{"value":[{"clientState":"otter"},{"clientState":"x"}]}"#
    #expect(try trial.with { $0.body = Array(body.utf8) }.refusal() == .noMatchingSignature)
  }

  private func twilio(_ url: String, body: String, type: String, message: String) throws -> RefusalCode? {
    try Trial(["provider": "twilio", "secret": "otter"]).with {
      $0.url = url
      $0.body = Array(body.utf8)
      let code = try HMACKey(.sha1, secret: Array("otter".utf8)).code(Array(message.utf8))
      $0.headers = [("Content-Type", type), ("X-Twilio-Signature", Base64.standard.text(code))]
    }.refusal()
  }

  @Test func `Twilio's JSON is covered by the digest in the URL, and by nothing else`() throws {
    let digest = Hex.text(try DigestAlgorithm.sha256.digest(Array("{}".utf8)))
    let url = "https://h.example/t?bodySHA256=\(digest)"
    #expect(try twilio(url, body: "{}", type: "application/json", message: url) == nil)
    #expect(try twilio(url, body: "{ }", type: "application/json", message: url) == .noMatchingSignature)
    let bare = "https://h.example/t"
    #expect(try twilio(bare, body: "{}", type: "application/json", message: bare) == .noMatchingSignature)
    // A form stays covered by its fields, whatever the URL says.
    let form = "application/x-www-form-urlencoded"
    #expect(try twilio(url, body: "a=1", type: form, message: url) == .noMatchingSignature)
    #expect(try twilio(url, body: "a=1", type: form, message: url + "a1") == nil)
  }

  @Test func `a form of more fields than any sender has is refused before it is taken apart`() throws {
    let form = "application/x-www-form-urlencoded"
    let url = "https://h.example/t"
    let most = Array(repeating: "a=1", count: 4096).joined(separator: "&")
    #expect(try twilio(url, body: most, type: form, message: url + "a1") == nil)
    #expect(try twilio(url, body: most + "&", type: form, message: url + "a1") == .unparsableBody)
  }

  @Test func `Twilio's URL may have its port or not`() throws {
    let form = "application/x-www-form-urlencoded"
    for called in ["https://h.example/t", "https://h.example:443/t"] {
      for signed in ["https://h.example/t", "https://h.example:443/t"] {
        #expect(try twilio(called, body: "a=1", type: form, message: signed + "a1") == nil)
      }
    }
    let other = try twilio("https://h.example/t", body: "", type: form, message: "https://h.example:8443/t")
    #expect(other == .noMatchingSignature)
  }

  @Test func `Braintree's pair counts under the configured public key only`() throws {
    let line = try #require(try PresetLiteral.all().first { $0.provider == "braintree" })
    guard var object = line.accepted.object else { return }
    object["config"] = ["public_key": "another"]
    #expect(JSON.object(object).judged["reason"]?.string == "malformed_header")
    object["config"] = nil
    #expect(JSON.object(object).judged == ["accepted": true])
  }

  @Test func `Svix's senders may use either family of names, but not mix them`() throws {
    let time = "\(Trial.now.seconds)"
    func refusal(_ names: [String]) throws -> RefusalCode? {
      try Trial(["provider": "resend", "secret": "whsec_b3R0ZXI="]).with {
        let code = Trial.base64(try Trial.code("m1.\(time).\($0.bodyText)"))
        $0.headers = Array(zip(names, ["m1", time, "v1,\(code)"]))
      }.refusal()
    }
    #expect(try refusal(["svix-id", "svix-timestamp", "svix-signature"]) == nil)
    #expect(try refusal(["webhook-id", "webhook-timestamp", "webhook-signature"]) == nil)
    #expect(try refusal(["webhook-id", "svix-timestamp", "svix-signature"]) == .missingHeader)
    #expect(try refusal(["a", "b", "c"]) == .missingHeader)
  }
}
