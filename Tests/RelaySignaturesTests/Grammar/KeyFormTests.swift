import RelayCrypto
import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

@Suite struct KeyFormTests {
  private func refusal(_ form: String, secret: String, key: [UInt8]) throws -> RefusalCode? {
    try Trial.hmac(("key", .string(form)), ("secret", .string(secret))).with {
      $0.headers = [("X-Sig", Hex.text(try HMACKey(.sha256, secret: key).code($0.body)))]
    }.refusal()
  }

  @Test(
    arguments: [
      ("utf8", "b3R0ZXI=", "b3R0ZXI="), ("base64", "b3R0ZXI=", "otter"), ("base64", "b3R0ZXI", "otter"),
      ("hex", "6f74746572", "otter"), ("hex", "6F74746572", "otter"), ("whsec", "whsec_b3R0ZXI=", "otter"),
      ("whsec", "b3R0ZXI=", "otter"), ("whsec", "v1,whsec_b3R0ZXI=", "otter"),
      ("whsec|utf8", "b3R0ZXI=", "b3R0ZXI="), ("whsec|utf8", "whsec_b3R0ZXI=", "otter"),
      ("utf8+\"&\"", "otter", "otter&"),
    ])
  func `a secret stands for this key`(form: String, secret: String, key: String) throws {
    #expect(try refusal(form, secret: secret, key: Array(key.utf8)) == nil)
    #expect(try refusal(form, secret: secret, key: Array("other".utf8)) == .noMatchingSignature)
  }

  @Test func `a digest of the secret may be the key`() throws {
    let secret = Array("otter".utf8)
    #expect(try refusal("sha1(secret)", secret: "otter", key: DigestAlgorithm.sha1.digest(secret)) == nil)
    #expect(try refusal("sha256(secret)", secret: "otter", key: DigestAlgorithm.sha256.digest(secret)) == nil)
  }

  @Test func `a timestamp may stand before the secret in the key`() throws {
    let time = "\(Trial.now.seconds)"
    let trial = try Trial.hmac(
      ("key", "ts+secret"), ("timestamp", ["from": "header", "name": "T", "unit": "s", "tolerance": 300])
    ).with { $0.headers = [("T", time), ("X-Sig", try Trial.code($0.bodyText, secret: time + "otter"))] }
    #expect(try trial.refusal() == nil)
  }

  @Test(
    arguments: [
      ("base64", "not base64!"), ("hex", "zz"), ("hex", "abc"), ("whsec", "whsec_"), ("whsec", "whsec_***"),
      ("whsec", "not base64!"), ("whsec|utf8", "whsec_***"),
    ])
  func `a secret that is not of the form is refused before any request`(form: String, secret: String) throws {
    let configuration = try Trial.hmac(("key", .string(form)), ("secret", .string(secret))).configuration()
    #expect {
      try Verifier(configuration)
    } throws: { error in
      if case .key(member: "secret", _)? = error as? SignatureError { true } else { false }
    }
  }

  @Test func `any of several secrets may have signed, and the verdict says which`() throws {
    let trial = Trial.hmac(("secret", ["old", "otter", "new"]))
    for (index, secret) in ["old", "otter", "new"].enumerated() {
      let signed = try trial.with { $0.headers = [("X-Sig", try Trial.code($0.bodyText, secret: secret))] }
      #expect(try signed.run().keyIndex == index)
    }
    let foreign = try trial.with { $0.headers = [("X-Sig", try Trial.code($0.bodyText, secret: "x"))] }
    #expect(try foreign.refusal() == .noMatchingSignature)
  }
}
