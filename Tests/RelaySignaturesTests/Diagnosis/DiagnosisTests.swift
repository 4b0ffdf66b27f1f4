import RelayCrypto
import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

@Suite struct DiagnosisTests {
  private func explain(
    _ request: SignedRequest, _ hook: VerifyConfiguration, known: [Diagnosis.KnownSecret] = []
  ) -> DiagnosisReport {
    Diagnosis(request, hook, known: known, at: sampleNow).explain()
  }

  @Test func `a request that verifies needs no explanation`() throws {
    let report = explain(try githubRequest(), try githubHook())

    #expect(report.isAccepted)
    #expect(report.finding == nil)
    #expect(report.checks.map(\.result) == Array(repeating: .passed, count: 5))
    #expect(report.detail == "the request verifies")
  }

  @Test func `another hook's secret names the hook`() throws {
    let request = try githubRequest(secret: bytes("the other secret"))
    let known = [
      Diagnosis.KnownSecret(.hook("a"), bytes("unused")),
      .init(.hook("github-test"), bytes("the other secret")),
    ]
    let report = explain(request, try githubHook(), known: known)

    #expect(report.finding?.code == .otherHook)
    #expect(report.finding?.isProved == true)
    #expect(report.detail.contains("github-test"))
    #expect(report.result(.secret) == .failed)
  }

  @Test func `a previous secret is recognised`() throws {
    let request = try githubRequest(secret: bytes("replaced yesterday"))
    let report = explain(request, try githubHook(), known: [.init(.previous, bytes("replaced yesterday"))])

    #expect(report.finding?.code == .previousSecret)
  }

  @Test(arguments: ["\n", "\r\n", " ", "\t"]) func `white space after the configured secret is found`(
    end: String
  ) throws {
    let report = explain(try githubRequest(), try githubHook(secret: sampleSecret + end))

    #expect(report.finding?.code == .whitespace)
    #expect(report.finding?.what.contains("configured secret has") == true)
  }

  @Test(arguments: ["\n", "\r\n", " "]) func `white space after the provider's secret is found`(end: String)
    throws
  {
    let report = explain(try githubRequest(secret: bytes(sampleSecret + end)), try githubHook())

    #expect(report.finding?.code == .whitespace)
    #expect(report.finding?.what.contains("provider's secret ends") == true)
  }

  @Test func `a secret that is base64 of the key is found`() throws {
    let key: [UInt8] = Array(0..<32)
    let report = explain(try githubRequest(secret: key), try githubHook(secret: Base64.standard.text(key)))

    #expect(report.finding?.code == .secretEncoding)
  }

  @Test func `a secret that is hexadecimal of the key is found`() throws {
    let key: [UInt8] = Array(200..<232)
    let report = explain(try githubRequest(secret: key), try githubHook(secret: Hex.text(key)))

    #expect(report.finding?.code == .secretEncoding)
  }

  @Test func `a whsec_ secret where the text is the key is found, and the other way round`() throws {
    let text = "whsec_" + Base64.standard.text(Array(0..<24))
    let decoded = explain(try githubRequest(secret: Array(0..<24)), try githubHook(secret: text))
    let bare = explain(
      try githubRequest(secret: bytes(String(text.dropFirst(6)))), try githubHook(secret: text))

    #expect(decoded.finding?.code == .secretEncoding)
    #expect(bare.finding?.code == .secretEncoding)
    #expect(bare.finding?.fix.contains("without whsec_") == true)
  }

  @Test(arguments: [
    "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "xoxb-123456789012-abcdef", "ghp_0123456789abcdefghij",
  ])
  func `a key of the provider's API is suspected`(secret: String) throws {
    let report = explain(try githubRequest(secret: bytes("the real one")), try githubHook(secret: secret))

    #expect(report.finding?.code == .apiKey)
    #expect(report.finding?.isProved == false)
  }

  @Test func `a digest in another encoding is found`() throws {
    let code = try HMACKey(.sha256, secret: bytes(sampleSecret)).code(bytes("{}"))
    let request = sampleRequest(
      "{}", headers: [("X-Hub-Signature-256", "sha256=" + Base64.standard.text(code))])
    let report = explain(request, try githubHook())

    #expect(report.finding?.code == .digestEncoding)
    #expect(report.result(.headerReadable) == .failed)
    #expect(report.result(.headerPresent) == .passed)
    #expect(report.result(.timestamp) == .unknown)
  }

  @Test func `another hash is found`() throws {
    let code = try hexCode("{}", bytes(sampleSecret), .sha1)
    let request = sampleRequest("{}", headers: [("X-Hub-Signature-256", "sha256=" + code)])
    let report = explain(request, try githubHook())

    #expect(report.finding?.code == .otherAlgorithm)
    #expect(report.finding?.what.contains("sha1") == true)
  }

  @Test func `a key that cannot be used is named before anything else`() throws {
    let hook = try configuration(#"{"provider":"standard-webhooks","secret":"not base64 at all!"}"#)
    let report = explain(sampleRequest(), hook)

    #expect(report.finding?.code == .unusableKey)
    #expect(!report.isAccepted)
    #expect(!report.detail.contains("not base64 at all!"))
  }

  @Test func `where nothing explains it, nothing is claimed`() throws {
    let report = explain(try githubRequest(secret: bytes("nobody knows")), try githubHook())

    #expect(report.finding == nil)
    #expect(report.refusal?.code == .noMatchingSignature)
    #expect(!report.isAccepted)
  }

  @Test func `neither a secret nor a right signature is ever told`() throws {
    let request = try githubRequest(secret: bytes("the other secret"))
    let report = explain(request, try githubHook(), known: [.init(.hook("x"), bytes("the other secret"))])
    let text = report.json.text + report.detail
    let right = try hexCode("{}")

    for secret in [
      "the other secret", sampleSecret, right, String(right.prefix(6)), Base64.standard.text(bytes(right)),
    ] {
      #expect(!text.contains(secret))
    }
    let digest = try DigestAlgorithm.sha256.digest(bytes(sampleSecret))
    #expect(report.evidence(.secret) == "tried: " + Hex.text(digest).prefix(8))
  }

  @Test func `the report as JSON has the checks in order, and one finding`() throws {
    let json = explain(try githubRequest(), try githubHook(secret: sampleSecret + "\n")).json

    #expect(json["accepted"] == false)
    #expect(json["reason"] == "no_matching_signature")
    #expect(
      json["checks"]?.array?.compactMap { $0["check"]?.string }
        == DiagnosisReport.Check.Name.allCases.map(\.rawValue))
    #expect(
      json["checks"]?.array?.compactMap { $0["result"]?.string } == [
        "passed", "passed", "passed", "failed", "passed",
      ])
    #expect(json["finding"]?["code"] == "whitespace")
    #expect(json["finding"]?["proved"] == true)
    #expect(json["finding"]?["fix"]?.string?.isEmpty == false)
  }
}
