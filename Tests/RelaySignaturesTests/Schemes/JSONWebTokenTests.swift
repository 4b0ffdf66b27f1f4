import RelayCrypto
import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

@Suite struct JSONWebTokenTests {
  private let now = Int(Trial.now.seconds)

  /// Netlify's scheme with `claims` beside the two that it demands.
  private func netlify(_ claims: [(String, JSON)] = [], secret: String = "otter") throws -> Trial {
    try Trial(["provider": "netlify", "secret": "otter"]).with { trial in
      var all = JSONObject([("iss", "netlify")])
      all["sha256"] = .string(Hex.text(try DigestAlgorithm.sha256.digest(trial.body)))
      for claim in claims { all[claim.0] = claim.1 }
      trial.headers = [("X-Webhook-Signature", try TestToken.hmac("HS256", .object(all), secret: secret))]
    }
  }

  @Test func `a token binds the body by its claim`() throws {
    #expect(try netlify().refusal() == nil)
    #expect(try netlify().with { $0.body.append(32) }.refusal() == .noMatchingSignature)
    #expect(try netlify(secret: "other").refusal() == .noMatchingSignature)
    #expect(try netlify([("iss", "netlifo")]).refusal() == .noMatchingSignature)
    #expect(try netlify([("sha256", 5)]).refusal() == .noMatchingSignature)
    #expect(try netlify([("sha256", .null)]).refusal() == .noMatchingSignature)
  }

  @Test func `the registered instants are judged wherever a token has them`() throws {
    #expect(try netlify([("exp", JSON(now + 1)), ("nbf", JSON(now)), ("iat", JSON(now))]).refusal() == nil)
    #expect(try netlify([("exp", JSON(now))]).refusal() == .timestampOutOfTolerance)
    #expect(try netlify([("nbf", JSON(now + 60))]).refusal() == nil)
    #expect(try netlify([("nbf", JSON(now + 61))]).refusal() == .timestampOutOfTolerance)
    #expect(try netlify([("iat", JSON(now + 3600))]).refusal() == .timestampOutOfTolerance)
    #expect(try netlify([("exp", "never")]).refusal() == .timestampOutOfTolerance)
    #expect(try netlify([("exp", .number(JSONNumber(text: "1e400")))]).refusal() == .timestampOutOfTolerance)
  }

  @Test(
    arguments: [
      #"{"alg":"none"}"#, #"{"alg":"None"}"#, #"{"alg":"HS384"}"#, #"{"alg":"RS256"}"#, "{}", #"{"alg":5}"#,
    ])
  func `an algorithm that is not the provider's is refused`(head: String) throws {
    let trial = try netlify().with { trial in
      let claims: JSON = [
        "iss": "netlify", "sha256": .string(Hex.text(try DigestAlgorithm.sha256.digest(trial.body))),
      ]
      let token = try TestToken.hmac("HS256", claims, secret: "otter", head: JSON.parse(text: head))
      trial.headers = [("X-Webhook-Signature", token)]
    }
    #expect(try trial.refusal() == .noMatchingSignature)
  }

  @Test(arguments: [
    "", "a", "a.b", "a.b.c", "....", "e30.e30.e30.e30", "e30.e30", "bm8.e30.", "e30=.e30.e30",
  ])
  func `what is no token is refused`(text: String) throws {
    let refusal = try netlify().with { $0.headers = [("X-Webhook-Signature", text)] }.refusal()
    #expect(refusal == .malformedHeader || refusal == .noMatchingSignature)
  }

  @Test func `a public key never serves as an HMAC secret`() throws {
    let pem = String(decoding: try #require(LiteralFiles.read("rsa.pem")), as: UTF8.self)
    let spki = Base64.standard.text(try TestKey.rsa.privateKey.publicKey().spki())
    for secret in [pem, spki] {
      let trial = try Trial(["provider": "fusionauth", "jwks": ["keys": [TestKey.rsa.webKey()]]]).with {
        let claims: JSON = [
          "request_body_sha256": .string(Base64.standard.text(try DigestAlgorithm.sha256.digest($0.body)))
        ]
        let token = try TestToken.hmac("HS256", claims, secret: secret)
        $0.headers = [("X-FusionAuth-Signature-JWT", token)]
      }
      #expect(try trial.refusal() == .noMatchingSignature)
    }
  }

  /// FusionAuth's scheme signed by a private key.
  private func fusionAuth(
    _ key: TestKey, _ algorithm: String, _ scheme: SignatureScheme, head: (String, JSON)..., keys: JSON
  ) throws -> RefusalCode? {
    try Trial(["provider": "fusionauth", "jwks": ["keys": keys]]).with { trial in
      let claims: JSON = [
        "request_body_sha256": .string(Base64.standard.text(try DigestAlgorithm.sha256.digest(trial.body)))
      ]
      let signer = try key.privateKey
      let token = try TestToken.signed(.object(JSONObject([("alg", .string(algorithm))] + head)), claims) {
        try signer.sign($0, scheme)
      }
      trial.headers = [("X-FusionAuth-Signature-JWT", token)]
    }.refusal()
  }

  @Test func `a key set verifies each kind of key`() throws {
    let keys = JSON.array(try TestKey.allCases.map { try $0.webKey() })
    #expect(try fusionAuth(.rsa, "RS256", .rsaSHA256, keys: keys) == nil)
    #expect(try fusionAuth(.p256, "ES256", .p256Raw, keys: keys) == nil)
    #expect(try fusionAuth(.ed25519, "EdDSA", .ed25519, keys: keys) == nil)
    #expect(try fusionAuth(.p256, "ES256", .p256DER, keys: keys) == .noMatchingSignature)
    #expect(try fusionAuth(.rsa, "RS256", .rsaPSSSHA256, keys: keys) == .noMatchingSignature)
  }

  @Test func `a key counts only under its id and algorithm, and until it is withdrawn`() throws {
    func refusal(_ key: JSON) throws -> RefusalCode? {
      try fusionAuth(.rsa, "RS256", .rsaSHA256, head: ("kid", "k1"), keys: [key])
    }
    #expect(try refusal(TestKey.rsa.webKey(id: "k1")) == nil)
    #expect(try refusal(TestKey.rsa.webKey()) == nil)
    #expect(try refusal(TestKey.rsa.webKey(id: "k2")) == .noMatchingSignature)
    #expect(try refusal(TestKey.rsa.webKey(id: "k1", ("alg", "RS256"))) == nil)
    #expect(try refusal(TestKey.rsa.webKey(id: "k1", ("alg", "RS512"))) == .noMatchingSignature)
    #expect(try refusal(TestKey.rsa.webKey(id: "k1", ("expired_at", .null))) == nil)
    #expect(try refusal(TestKey.rsa.webKey(id: "k1", ("expired_at", 1_790_000_000))) == .noMatchingSignature)
  }

  @Test func `an age that a provider limits is judged`() throws {
    func refusal(_ claims: [(String, JSON)]) throws -> RefusalCode? {
      try Trial(["provider": "vonage", "secret": "otter"]).with { trial in
        var all = JSONObject(claims)
        all["payload_hash"] = .string(Hex.text(try DigestAlgorithm.sha256.digest(trial.body)))
        trial.headers = [
          ("Authorization", "bearer \(try TestToken.hmac("HS256", .object(all), secret: "otter"))")
        ]
      }.refusal()
    }
    #expect(try refusal([("iat", JSON(now - 300))]) == nil)
    #expect(try refusal([("iat", JSON(now - 301))]) == .timestampOutOfTolerance)
    #expect(try refusal([]) == .timestampOutOfTolerance)
  }

  @Test func `a body's claim may be missing only where the provider leaves it out and there is no body`()
    throws
  {
    func refusal(_ body: String) throws -> RefusalCode? {
      try Trial(["provider": "messagebird", "secret": "otter"]).with { trial in
        trial.body = Array(body.utf8)
        let claims: JSON = [
          "iss": "MessageBird", "nbf": JSON(now), "exp": JSON(now + 60),
          "url_hash": .string(Hex.text(try DigestAlgorithm.sha256.digest(Array(trial.url.utf8)))),
        ]
        trial.headers = [("MessageBird-Signature-JWT", try TestToken.hmac("HS256", claims, secret: "otter"))]
      }.refusal()
    }
    #expect(try refusal("") == nil)
    #expect(try refusal("x") == .noMatchingSignature)
  }

  @Test func `Pub-Sub is believed for the operator's own service account only`() throws {
    func refusal(_ claims: [(String, JSON)] = [], _ options: [(String, JSON)] = []) throws -> RefusalCode? {
      var verify = JSONObject([("provider", "google-pubsub"), ("email", "push@p.example")])
      verify["jwks"] = ["keys": [try TestKey.rsa.webKey()]]
      for option in options { verify[option.0] = option.1 }
      return try Trial(.object(verify)).with { trial in
        var all = JSONObject([
          ("iss", "accounts.google.com"), ("aud", .string(trial.url)), ("email", "push@p.example"),
          ("exp", JSON(now + 60)),
        ])
        for claim in claims { all[claim.0] = claim.1 }
        let signer = try TestKey.rsa.privateKey
        let token = try TestToken.signed(["alg": "RS256"], .object(all)) { try signer.sign($0, .rsaSHA256) }
        trial.headers = [("Authorization", "Bearer \(token)")]
      }.refusal()
    }
    #expect(try refusal() == nil)
    #expect(try refusal([("email", "push@other.example")]) == .noMatchingSignature)
    #expect(try refusal([("aud", "https://elsewhere.example/")]) == .noMatchingSignature)
    #expect(try refusal([("aud", "mine")], [("audience", "mine")]) == nil)
    #expect(try refusal([("iss", "https://evil.example")]) == .noMatchingSignature)
    #expect(try refusal([("exp", .null)]) == .malformedHeader)
    #expect(throws: SignatureError.configuration(member: "email", why: "is missing")) {
      _ = try refusal([], [("email", .null)])
    }
  }

  @Test func `a body that is a token is verified as one`() throws {
    let signer = try TestKey.rsa.privateKey
    let token = try TestToken.signed(["alg": "RS256"], ["type": "user.created"]) {
      try signer.sign($0, .rsaSHA256)
    }
    let trial = try Trial(["provider": "kinde", "jwks": ["keys": [TestKey.rsa.webKey()]]]).with {
      $0.body = Array(token.utf8)
    }
    #expect(try trial.refusal() == nil)
    #expect(try trial.with { $0.body = [] }.refusal() == .missingHeader)
    #expect(try trial.with { $0.body[5] ^= 1 }.refusal() != nil)
  }
}
