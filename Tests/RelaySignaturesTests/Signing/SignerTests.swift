import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

@Suite struct SignerTests {
  private static let now = Timestamp(seconds: 1_795_600_123)

  /// The presets whose requests only the provider can sign, or whose signature is no header.
  private static let unsignable: Set = [
    "adyen", "aws-sns", "braintree", "constant-contact", "dropbox-sign", "ebay", "fal", "figma",
    "google-pubsub", "kinde", "mailgun", "meraki", "microsoft-graph", "pandadoc", "paymob", "paypal", "plaid",
    "prismic", "wechat", "wix",
  ]

  /// The private halves of the literals' public keys.
  private static let privateKeys = ["ed25519.pem", "p256.pem", "rsa.pem"]

  private func configuration(_ verify: JSON) throws -> VerifyConfiguration {
    try VerifyConfiguration(verify) { _, text in Array(text.utf8) }
  }

  private func request(_ line: JSON) throws -> SignedRequest {
    var request = try VectorLine(line.serialized()).request
    request.headers = HeaderFields([("Content-Type", request.headers.first("Content-Type") ?? "text/plain")])
    return request
  }

  /// The signer of a literal's provider with the literal's own secret, or the private key that fits.
  private func signer(_ line: JSON) throws -> Signer {
    guard line["public_key"] != nil else { return try Signer(VectorLine(line.serialized()).configuration) }
    var failure: (any Error)?
    for name in Self.privateKeys {
      let pem = String(decoding: try #require(LiteralFiles.read(name)), as: UTF8.self)
      do {
        return try Signer(
          configuration(["provider": line["provider"] ?? "", "secret": .string(pem)]))
      } catch {
        failure = error
      }
    }
    throw try #require(failure)
  }

  @Test func `what is signed for a preset, the preset's verifier accepts`() throws {
    for literal in try PresetLiteral.all() where !Self.unsignable.contains(literal.provider) {
      let line = literal.accepted
      var request = try request(line)
      let headers = try signer(line).sign(request, at: Self.now, id: "msg_77")
      #expect(headers.isEmpty == (literal.refused == nil), "\(literal.provider)")
      for header in headers { request.headers.append(header.name, header.value) }
      let verifier = try Verifier(VectorLine(line.serialized()).configuration)
      #expect(throws: Never.self, "\(literal.provider)") { try verifier.verify(request, at: Self.now) }
    }
  }

  @Test func `what only the provider can sign is refused with a sentence`() throws {
    for literal in try PresetLiteral.all() where Self.unsignable.contains(literal.provider) {
      var verify = literal.accepted
      if verify["secret"] == nil, var object = verify.object {
        object["secret"] = "x"
        verify = .object(object)
      }
      let configuration = try VectorLine(verify.serialized()).configuration
      #expect {
        try Signer(configuration)
      } throws: { error in
        if case .cannotSign? = error as? SignatureError { true } else { false }
      }
    }
  }

  @Test func `Standard Webhooks signs id, time and body as its documentation shows`() throws {
    let signer = try Signer(
      configuration([
        "provider": "standard-webhooks", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      ]))
    let request = SignedRequest(
      method: "POST", url: "", headers: HeaderFields(), body: Array(#"{"test": 2432232314}"#.utf8))
    let headers = try signer.sign(
      request, at: Timestamp(seconds: 1_614_265_330), id: "msg_p5jXN8AQM9LWM0D4loKWxJek")
    #expect(headers.map(\.name) == ["webhook-timestamp", "webhook-id", "webhook-signature"])
    #expect(headers.map(\.value).last == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test func `a scheme that signs the URL wants one`() throws {
    let request = SignedRequest(method: "POST", url: "", headers: HeaderFields(), body: [])
    for provider in ["twilio", "square", "monday", "jira-connect"] {
      let signer = try Signer(configuration(["provider": .string(provider), "secret": "0123456789abcdef"]))
      #expect(throws: SignatureError.self, "\(provider)") {
        try signer.sign(request, at: Self.now, id: "msg_1")
      }
    }
  }

  @Test func `a key of the wrong kind is refused`() throws {
    let pem = String(decoding: try #require(LiteralFiles.read("rsa.pem")), as: UTF8.self)
    for secret in [pem, "no key"] {
      let configuration = try configuration(["provider": "discord", "secret": .string(secret)])
      #expect(throws: SignatureError.self) { try Signer(configuration) }
    }
  }
}
