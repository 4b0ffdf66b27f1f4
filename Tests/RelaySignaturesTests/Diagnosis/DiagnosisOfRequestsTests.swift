import RelayCrypto
import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

@Suite struct DiagnosisOfRequestsTests {
  private func explain(_ request: SignedRequest, _ hook: VerifyConfiguration) -> DiagnosisReport {
    Diagnosis(request, hook, at: sampleNow).explain()
  }

  @Test func `a late request whose signature is right is late and nothing else`() throws {
    let report = explain(try stripeRequest(signedAt: sampleNow.seconds - 840), try stripeHook())

    #expect(report.finding?.code == .late)
    #expect(report.finding?.what.contains("14 min") == true)
    #expect(report.result(.timestamp) == .failed)
    #expect(report.result(.secret) == .passed)
  }

  @Test func `a request from the future shows that our clock is wrong`() throws {
    let report = explain(try stripeRequest(signedAt: sampleNow.seconds + 3600), try stripeHook())

    #expect(report.finding?.code == .clock)
    #expect(report.finding?.fix.contains("clock") == true)
  }

  @Test func `a late request under another secret still names the secret`() throws {
    let request = try stripeRequest(signedAt: sampleNow.seconds - 840, secret: "the test mode's secret")
    let known = [Diagnosis.KnownSecret(.hook("stripe-test"), bytes("the test mode's secret"))]
    let report = Diagnosis(request, try stripeHook(), known: known, at: sampleNow).explain()

    #expect(report.finding?.code == .otherHook)
    #expect(report.result(.secret) == .unknown)
  }

  @Test func `a late request under a secret that nobody knows is both`() throws {
    let request = try stripeRequest(signedAt: sampleNow.seconds - 840, secret: "nobody knows")
    let report = explain(request, try stripeHook())

    #expect(report.finding?.code == .untimely)
    #expect(report.finding?.isProved == false)
  }

  @Test func `a missing header names the nearest that came`() throws {
    let request = sampleRequest("{}", headers: [("X-Hub-Signature-265", "sha256=00")])
    let report = explain(request, try githubHook())

    #expect(report.finding?.code == .headerRenamed)
    #expect(report.detail.contains("x-hub-signature-265"))
    #expect(report.result(.headerPresent) == .failed)
    #expect(report.result(.headerReadable) == .unknown)
    #expect(report.evidence(.headerPresent).contains("X-Hub-Signature-256"))
  }

  @Test func `a missing header names the provider whose header came`() throws {
    let report = explain(try stripeRequest(signedAt: sampleNow.seconds), try githubHook())

    #expect(report.finding?.code == .otherProvider)
    #expect(report.finding?.fix.contains("provider: stripe") == true)
  }

  @Test func `without any signature the provider or a proxy left it out`() throws {
    let report = explain(
      sampleRequest("{}", headers: [("Content-Type", "application/json")]), try githubHook())

    #expect(report.finding?.code == .headerDropped)
  }

  @Test(arguments: [
    (#"{"a": 1, "b": ["x", "y: z,"]}"#, #"{"a":1,"b":["x","y: z,"]}"#),
    (#"{"a":1,"b":["x","y: z,"]}"#, #"{"a": 1, "b": ["x", "y: z,"]}"#),
    (#"{"a":1.10}"#, "{\n  \"a\": 1.10\n}"),
    (#"{"a":{"b":2}}"#, "{\n    \"a\": {\n        \"b\": 2\n    }\n}"),
    (#"{"a":"é"}"#, #"{"a": "\u00e9"}"#),
    (#"{"a":"https://é"}"#, #"{"a":"https:\/\/\u00e9"}"#),
    ("{}\n", "{}"), ("{}", "{}\n"), ("{}\n", "{}\r\n"), ("a\r\nb", "a\nb"), ("a\nb", "a\r\nb"),
  ]) func `a body that was written anew on its way is recognised`(received: String, signed: String) throws {
    let report = explain(try githubRequest(received, signed: signed), try githubHook())

    #expect(report.finding?.code == .bodyChanged)
    #expect(report.finding?.isProved == true)
  }

  @Test func `a body that was really changed is not explained away`() throws {
    let report = explain(try githubRequest(#"{"a":1}"#, signed: #"{"a":2}"#), try githubHook())

    #expect(report.finding == nil)
  }

  @Test(arguments: [
    "http://relay.example.com/hooks/x", "https://relay.example.com:443/hooks/x",
    "https://relay.example.com/hooks/x/",
    "https://public.example.org/hooks/x",
  ]) func `another URL than the one called is recognised`(signed: String) throws {
    let code = try HMACKey(.sha1, secret: bytes(sampleSecret)).code(bytes(signed + "Bodyhi"))
    let request = sampleRequest(
      "Body=hi",
      headers: [
        ("X-Twilio-Signature", Base64.standard.text(code)), ("X-Forwarded-Host", "public.example.org"),
        ("Content-Type", "application/x-www-form-urlencoded"),
      ])
    let report = explain(request, try configuration(#"{"provider":"twilio","secret":"\#(sampleSecret)"}"#))

    #expect(report.isAccepted || report.finding?.code == .address)
    #expect(report.isAccepted || report.finding?.what.contains(signed) == true)
  }

  @Test func `the query of a URL is not shown`() throws {
    let url = "https://relay.example.com/hooks/x?token=private"
    let signed = "http://relay.example.com/hooks/x?token=private"
    let code = try HMACKey(.sha1, secret: bytes(sampleSecret)).code(bytes(signed))
    let request = sampleRequest("", headers: [("X-Twilio-Signature", Base64.standard.text(code))], url: url)
    let report = explain(request, try configuration(#"{"provider":"twilio","secret":"\#(sampleSecret)"}"#))

    #expect(report.finding?.code == .address)
    #expect(!report.json.text.contains("private"))
  }

  @Test func `a body that was cut when it was kept is not guessed about`() throws {
    let report = Diagnosis(
      try githubRequest("{", signed: "{}"), try githubHook(), isBodyComplete: false, at: sampleNow
    ).explain()

    #expect(report.finding?.code == .cutBody)
    #expect(report.result(.body) == .failed)
  }

  @Test func `a compressed body is suspected`() throws {
    let request = try githubRequest("\u{1F}\u{8B}", signed: "{}", headers: [("Content-Encoding", "gzip")])
    let report = explain(request, try githubHook())

    #expect(report.finding?.code == .contentEncoding)
    #expect(report.evidence(.body).contains("Content-Encoding gzip"))
  }

  @Test func `a length that differs from what came is suspected`() throws {
    let request = try githubRequest(#"{"a":1}"#, signed: #"{"a":12}"#, headers: [("Content-Length", "8")])
    let report = explain(request, try githubHook())

    #expect(report.finding?.code == .contentLength)
    #expect(report.result(.body) == .failed)
    #expect(report.evidence(.body).contains("7 bytes came, Content-Length 8"))
  }

  @Test func `a scheme that is written out is told which member to set`() throws {
    let verify = """
      {"type":"hmac","alg":"sha256","signature":{"from":"header","name":"X-Signature","encoding":"hex"},
       "signed":"{body}","secret":"\(sampleSecret)"}
      """
    let code = try hexCode("{}", bytes(sampleSecret), .sha512)
    let report = explain(sampleRequest("{}", headers: [("X-Signature", code)]), try configuration(verify))

    #expect(report.finding?.code == .otherAlgorithm)
    #expect(report.finding?.fix == "set alg: sha512")
  }

  @Test func `a wrong token is no riddle`() throws {
    let hook = try configuration(#"{"provider":"gitlab","secret":"the right token here"}"#)
    let report = explain(sampleRequest("{}", headers: [("X-Gitlab-Token", "another")]), hook)

    #expect(report.refusal?.code == .noMatchingSignature)
    #expect(report.finding == nil)
  }
}
