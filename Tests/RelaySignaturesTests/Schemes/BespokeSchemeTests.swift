import RelayCrypto
import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

@Suite struct AmazonSNSTests {
  private static let literal = "aws-sns"
  private let own = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-77.pem"

  private func trial(
    _ change: (String, String)?, topic: JSON? = nil, certificate: String? = nil
  ) throws -> RefusalCode? {
    let literal = try #require(try PresetLiteral.all().first { $0.provider == Self.literal })
    guard var line = literal.accepted.object else { return nil }
    if let change {
      let body = try #require(Base64.standard.decode((line["body_base64"]?.string ?? "").utf8))
      let changed = String(decoding: body, as: UTF8.self).replacing(change.0, with: change.1)
      #expect(Array(changed.utf8) != body)
      line["body_base64"] = .string(Base64.standard.text(Array(changed.utf8)))
    }
    if let topic { line["secret"] = topic }
    // Whoever lists a certificate under a foreign address does not make the address Amazon's.
    if let certificate, let pem = line["certificates"]?.object?.members.first?.value {
      line["certificates"] = .object(JSONObject([(certificate, pem)]))
    }
    let answer = JSON.object(line).judged
    return answer["accepted"]?.bool == true ? nil : RefusalCode(rawValue: answer["reason"]?.string ?? "")
  }

  @Test func `a topic that is not configured is refused, though Amazon signed it`() throws {
    #expect(try trial(nil) == nil)
    #expect(try trial(nil, topic: "arn:aws:sns:eu-central-1:43:birds") == .unknownSource)
  }

  @Test(
    arguments: [
      "https://sns.eu-central-1.amazonaws.com.evil.example/S.pem",
      "http://sns.eu-central-1.amazonaws.com/S.pem",
      "https://evil.example/sns.eu-central-1.amazonaws.com/S.pem", "https://sns.amazonaws.com/S.pem",
      "https://x@sns.eu-central-1.amazonaws.com/S.pem", "https://sns.eu-central-1.amazonaws.com:8443/S.pem",
      "https://sns.eu_central.amazonaws.com/S.pem", "https://s3.eu-central-1.amazonaws.com/S.pem", "",
    ])
  func `a certificate from elsewhere is refused`(address: String) throws {
    #expect(try trial((own, address), certificate: address) == .unknownSource)
  }

  @Test func `a certificate that is not configured is refused`() throws {
    let other = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-78.pem"
    #expect(try trial((own, other)) == .unknownSource)
    // Not signed itself, the address leads to any of Amazon's own certificates.
    #expect(try trial((own, other), certificate: other) == nil)
    let china = "https://sns.cn-north-1.amazonaws.com.cn/S.pem"
    #expect(try trial((own, china), certificate: china) == nil)
  }

  @Test func `every signed member counts`() throws {
    for change in [
      ("You have chosen", "You have chosem"), (#""tok""#, #""tik""#), ("ConfirmSub", "ConfirmSob"),
    ] {
      #expect(try trial(change) == .noMatchingSignature)
    }
    #expect(try trial((#""SignatureVersion": "1""#, #""SignatureVersion": "3""#)) == .malformedHeader)
    #expect(try trial((#""Token""#, #""Tokem""#)) == .unparsableBody)
    #expect(try trial((#""Signature""#, #""Signatura""#)) == .missingHeader)
  }
}

@Suite struct HTTPSignaturesTests {
  private let now = Trial.now

  /// A request signed under `names`, with `change` done to it afterwards.
  private func refusal(
    _ names: String = "(request-target) host date digest", date: Timestamp = Trial.now,
    _ change: (inout Trial) -> Void = { _ in }
  ) throws -> RefusalCode? {
    var verify = JSONObject([("type", "bespoke"), ("scheme", "http-signatures")])
    verify["public_key"] = try TestKey.rsa.publicText
    var trial = Trial(.object(verify))
    let digest = "SHA-256=" + Base64.standard.text(try DigestAlgorithm.sha256.digest(trial.body))
    let values = [
      "(request-target)": "post /in?a=1", "host": "hooks.example.org", "date": httpDate(date),
      "digest": digest,
    ]
    let message = names.split(separator: " ").map { "\($0): \(values[String($0)] ?? "")" }
    let signature = try TestKey.rsa.privateKey.sign(Array(message.joined(separator: "\n").utf8), .rsaSHA256)
    trial.headers = [
      ("Date", httpDate(date)), ("Digest", digest),
      ("Signature", "keyId=\"k\",headers=\"\(names)\",signature=\"\(Base64.standard.text(signature))\""),
    ]
    change(&trial)
    return try trial.refusal()
  }

  private func httpDate(_ date: Timestamp) -> String {
    date == now ? "Wed, 25 Nov 2026 09:46:40 GMT" : "Wed, 25 Nov 2026 09:41:39 GMT"
  }

  @Test func `a signature over target, host, date and digest is good`() throws {
    #expect(try refusal() == nil)
    #expect(try refusal("date digest") == nil)
  }

  @Test func `what does not cover the body and the time proves nothing`() throws {
    #expect(try refusal("(request-target) host date") == .malformedHeader)
    #expect(try refusal("(request-target) digest") == .malformedHeader)
  }

  @Test func `another body, target, header or time is refused`() throws {
    #expect(try refusal { $0.body.append(10) } == .noMatchingSignature)
    #expect(try refusal { $0.url += "2" } == .noMatchingSignature)
    #expect(try refusal { $0.method = "PUT" } == .noMatchingSignature)
    #expect(try refusal { $0.headers[1] = ("Digest", "md5=abc") } == .malformedHeader)
    #expect(try refusal { $0.headers[2] = ("Signature", "nothing") } == .malformedHeader)
    #expect(try refusal(date: Timestamp(seconds: now.seconds - 301)) == .timestampOutOfTolerance)
  }
}

@Suite struct HTTPMessageSignaturesTests {
  private func refusal(
    _ components: String = "\"@method\" \"content-digest\"", parameters: String = ";created=1795600000",
    _ change: (inout Trial) -> Void = { _ in }
  ) throws -> RefusalCode? {
    var verify = JSONObject([("type", "bespoke"), ("scheme", "http-message-signatures")])
    verify["public_key"] = try TestKey.p256.publicText
    var trial = Trial(.object(verify))
    let digest = "sha-512=:\(Base64.standard.text(try DigestAlgorithm.sha512.digest(trial.body))):"
    let values = [
      "@method": "POST", "content-digest": digest, "@path": "/in", "@query": "?a=1",
      "@authority": "hooks.example.org", "@target-uri": "https://hooks.example.org/in?a=1", "x-id": "7",
    ]
    var lines = components.split(separator: " ").map { name in
      "\(name): \(values[String(name.dropFirst().dropLast())] ?? "")"
    }
    lines.append("\"@signature-params\": (\(components))\(parameters)")
    let signature = try TestKey.p256.privateKey.sign(Array(lines.joined(separator: "\n").utf8), .p256Raw)
    trial.headers = [
      ("Content-Digest", digest), ("X-Id", "7"),
      ("Signature-Input", "old=(\"date\"), s=(\(components))\(parameters)"),
      ("Signature", "old=:AA==:, s=:\(Base64.standard.text(signature)):"),
    ]
    change(&trial)
    return try trial.refusal()
  }

  @Test func `a signature over the digest and what else it names is good`() throws {
    #expect(try refusal() == nil)
    let all = "\"@target-uri\" \"@authority\" \"@path\" \"@query\" \"x-id\" \"content-digest\""
    #expect(try refusal(all, parameters: ";created=1795600000;keyid=\"a,b\";expires=1795600001") == nil)
  }

  @Test func `what does not cover the body, or does not say when, proves nothing`() throws {
    #expect(try refusal("\"@method\"") == .malformedHeader)
    #expect(try refusal(parameters: "") == .malformedHeader)
    #expect(try refusal(parameters: ";created=soon") == .malformedHeader)
  }

  @Test func `another body, header or time is refused`() throws {
    #expect(try refusal { $0.body.append(10) } == .noMatchingSignature)
    #expect(try refusal { $0.method = "PUT" } == .noMatchingSignature)
    #expect(try refusal(parameters: ";created=1795599699") == .timestampOutOfTolerance)
    #expect(try refusal(parameters: ";created=1795599999;expires=1795599999") == .timestampOutOfTolerance)
    #expect(try refusal { $0.headers.removeLast() } == .missingHeader)
    #expect(try refusal { $0.headers.removeFirst() } == .missingHeader)
  }
}

@Suite struct DetachedJWSTests {
  private func refusal(_ head: JSON, unencoded: Bool = true, payload: String = "") throws -> RefusalCode? {
    try Trial(["provider": "constant-contact", "jwks": ["keys": [TestKey.rsa.webKey()]]]).with { trial in
      let part = Base64.urlSafe.text(head.serialized())
      let message = Array("\(part).".utf8) + (unencoded ? trial.body : Base64.urlSafe.encode(trial.body))
      let signature = try TestKey.rsa.privateKey.sign(message, .rsaSHA256)
      trial.headers = [("x-ctct-webhook-sig", "\(part).\(payload).\(Base64.urlSafe.text(signature))")]
    }.refusal()
  }

  @Test func `the body is signed as it is, or as base64url where the header does not say otherwise`() throws {
    let time = JSON(Int(Trial.now.seconds))
    #expect(try refusal(["alg": "RS256", "b64": false, "crit": ["b64"], "ts": time]) == nil)
    #expect(try refusal(["alg": "RS256"], unencoded: false) == nil)
    #expect(try refusal(["alg": "RS256"]) == .noMatchingSignature)
  }

  @Test func `an extension that is not understood, an old instant or a payload is refused`() throws {
    #expect(try refusal(["alg": "RS256", "b64": false, "crit": ["b64", "exp"]]) == .malformedHeader)
    #expect(try refusal(["alg": "RS256", "b64": false], payload: "e30") == .malformedHeader)
    let old = JSON(Int(Trial.now.seconds) - 301)
    #expect(try refusal(["alg": "RS256", "b64": false, "ts": old]) == .timestampOutOfTolerance)
    #expect(try refusal(["alg": "none", "b64": false]) == .noMatchingSignature)
  }
}

@Suite struct EBayTests {
  private func refusal(_ envelope: JSON?, keys: [(String, JSON)]) throws -> RefusalCode? {
    try Trial(.object(JSONObject([("provider", "ebay")] + keys))).with { trial in
      guard var object = envelope?.object else {
        trial.headers = [("X-EBAY-SIGNATURE", "?")]
        return
      }
      let signature = try TestKey.p256.privateKey.sign(trial.body, .p256SHA1DER)
      object["signature"] = .string(Base64.standard.text(signature))
      trial.headers = [("X-EBAY-SIGNATURE", Base64.standard.text(JSON.object(object).serialized()))]
    }.refusal()
  }

  @Test func `the key is the one that the header names, or the only one`() throws {
    let key = ("public_key", try TestKey.p256.publicText)
    #expect(try refusal(["kid": "k1", "digest": "SHA1"], keys: [key]) == nil)
    #expect(try refusal(["digest": "SHA1"], keys: [key]) == nil)
    #expect(try refusal(nil, keys: [key]) == .malformedHeader)
    let other = ("public_key", try TestKey.ed25519.publicText)
    #expect(try refusal(["kid": "k1"], keys: [other]) == .noMatchingSignature)
  }

  @Test func `a key id that is not configured is an unknown source`() throws {
    let line = try #require(try PresetLiteral.all().first { $0.provider == "ebay" })
    guard var object = line.accepted.object, let pem = object["certificates"]?["k-1"] else { return }
    object["certificates"] = ["k-2": pem]
    #expect(JSON.object(object).judged["reason"]?.string == "unknown_source")
  }
}
