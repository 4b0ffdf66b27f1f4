import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

@Suite struct VerifyConfigurationTests {
  private func failure(_ verify: JSON) -> String? {
    do {
      _ = try Verifier(Trial(verify).configuration())
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(
    arguments: [
      ([:], "type: is missing"),
      (["provider": "githib", "secret": "x"], "unknown provider githib; did you mean github?"),
      (["provider": "github"], "secret: is missing"),
      (["provider": "github", "secret": ""], "secret: is empty"),
      (["provider": "github", "secret": ["a", ""]], "secret: is empty"),
      (["provider": "github", "secret": 5], "secret: must be a string or a list of strings"),
      (["provider": "github", "secrets": "x"], "secrets: unknown key; did you mean secret?"),
      (["provider": "github", "secret": "x", "signed": "{body}"], "signed: unknown key"),
      (["provider": "slack", "secret": "x", "tolerance": "soon"], "tolerance: must be a number of seconds"),
      (["provider": "slack", "secret": "x", "tolerance": -1], "tolerance: must be a number of seconds"),
      (["provider": "discord"], "public_key: is missing"),
      (["provider": "discord", "public_key": "zz"], "public_key: "),
      (["provider": "plaid"], "jwks: is missing"),
      (["provider": "plaid", "jwks": 1], "jwks: must be an object"),
      (["provider": "plaid", "jwks": "{"], "jwks: is no JSON"),
      (["provider": "plaid", "jwk": ["kty": "oct"]], "jwks: "),
      (["provider": "google-pubsub", "jwks": ["keys": []]], "jwks: is missing"),
      (["provider": "aws-sns", "certificates": [:]], "topic: is missing"),
      (["provider": "paypal", "secret": "W", "certificates": ["a": "no pem"]], "certificates.a: "),
      (["provider": "paypal", "secret": "W", "certificates": 5], "certificates: must be an object"),
      (["provider": "sendgrid", "public_key": "x", "algorithm": "sha1"], "algorithm: is fixed"),
      ("all", "verify: must be an object, or none"),
    ] as [(JSON, String)])
  func `a mistake is named by its member`(verify: JSON, message: String) {
    let failure = failure(verify) ?? "accepted"
    #expect(failure.hasPrefix(message), "\(failure)")
  }

  @Test func `a scheme that is written out is read by the grammar`() {
    let scheme: [(String, JSON, String)] = [
      ("type", "hmax", "type: hmax is none of hmac"), ("alg", "md5", "alg: md5 is none of"),
      ("alg", .null, "alg: is missing"), ("key", "public-pem", "key: is a public key"),
      ("signed", .null, "signed: is missing"),
      ("signed", "{bodi}", "signed: unknown placeholder {bodi}; did you mean {body}?"),
      ("signed", "{ts}.{body}", "timestamp: is missing"), ("signature", .null, "signature: is missing"),
      ("type", "hash", "signed: a hash without {secret}"),
      ("sigature", "x", "sigature: unknown key; did you mean signature?"),
      ("timestamp", ["from": "header", "name": "T", "unit": "h"], "timestamp.unit: h is none of"),
      ("timestamp", ["from": "header", "unit": "s"], "timestamp.name: is missing"),
      ("each", "items", "each: must be a path"),
    ]
    for (member, value, message) in scheme {
      let failure = failure(Trial.hmac((member, value)).verify) ?? "accepted"
      #expect(failure.hasPrefix(message), "\(failure)")
    }
    let signature: [(String, JSON, String)] = [
      ("from", "cookie", "signature.from: cookie is none of"), ("name", .null, "signature.name: is missing"),
      ("encoding", "base32", "signature.encoding: base32 is none of"),
      ("format", "csv", "signature.format: csv is none of"),
      ("format", "kv", "signature.key: is missing"), ("format", "tagged-list", "signature.tag: is missing"),
      ("sep", ";;", "signature.sep: must be one character"),
      ("encodin", "hex", "signature.encodin: unknown key; did you"),
      ("numbered", ["prefix": "X", "max": 101], "signature.numbered.max: must be a number from 1 to 100"),
      ("alg_header", "X", "signature.algs: is missing"),
    ]
    for (member, value, message) in signature {
      let trial =
        member == "sep"
        ? Trial.hmac(signature: ("format", "list"), (member, value)) : Trial.hmac(signature: (member, value))
      let failure = failure(trial.verify) ?? "accepted"
      #expect(failure.hasPrefix(message), "\(failure)")
    }
  }

  @Test func `no failure shows a secret`() {
    let secret = "zz-very-secret-zz"
    for verify: JSON in [
      ["provider": "onfleet", "secret": .string(secret)], ["provider": "resend", "secret": .string(secret)],
      ["provider": "discord", "public_key": .string(secret)],
      ["provider": "githib", "secret": .string(secret)],
    ] {
      let failure = failure(verify) ?? secret
      #expect(!failure.contains(secret), "\(failure)")
    }
  }

  @Test func `a secret that cannot be had is reported with its member`() throws {
    let reference = try #require(SecretReference("env:GONE"))
    let failure = SecretError(reference, "the variable is not set")
    #expect(throws: SignatureError.secret(member: "secret", failure)) {
      try VerifyConfiguration(["provider": "github", "secret": "env:GONE"]) {
        (_, _) throws(SecretError) in throw failure
      }
    }
  }

  @Test func `none verifies nothing, and only when it is written out`() throws {
    #expect(try Verifier(Trial("none").configuration()).verifiesNothing)
    #expect(try Trial("none").refusal() == nil)
    #expect(try !Verifier(Trial(["provider": "github", "secret": "x"]).configuration()).verifiesNothing)
  }

  @Test func `what stands beside the scheme is kept for those who ask`() throws {
    let configuration = try Trial([
      "provider": "Meta", "secret": ["one", "two"], "verify_token": "meaty", "short_secret": true,
      "certificates": ["https://a.example/c": "pem"], "audience": "me",
    ]).configuration()
    #expect(configuration.preset?.id == "meta")
    #expect(configuration.secrets == [Array("one".utf8), Array("two".utf8)])
    #expect(configuration.verifyToken == Array("meaty".utf8))
    #expect(configuration.allowsShortSecrets)
    #expect(configuration.certificates.keys.sorted() == ["https://a.example/c"])
    #expect(configuration.option("audience") == "me")
    #expect(configuration.option("issuer") == nil)
  }

  @Test func `a header of another name may be set for a preset`() throws {
    let trial = try Trial(["provider": "grafana", "secret": "otter", "header": "X-Mine"]).with {
      $0.headers = [("X-Mine", try Trial.code($0.bodyText))]
    }
    #expect(try trial.refusal() == nil)
  }
}
