import RelayDocuments
import RelayExpressions
import RelayModel
import RelayWorkflow
import Testing

@Suite struct ForwardAndAuthTests {
  private struct Secrets: SecretSource {
    var value = "s3cret"
    func secret(_ reference: SecretReference) throws(SecretError) -> [UInt8] {
      if case .vault("missing") = reference { throw SecretError(reference, "no such secret") }
      return Array(value.utf8)
    }
  }

  @Test func `an event is passed on as it came, without what belongs to one connection or to us`() throws {
    let read = try workflow(
      #"{"id":"pass","forward":{"url":"https://x.example/in","headers":{"X-Twice":"{{ event.id }}"}}}"#)
    guard case .forward(let step) = read.steps[1].verb else { throw StepError(.badValue, "no forward step") }
    let incoming = sampleRequest(
      type: "application/json",
      headers: [
        ("Host", "h"), ("Content-Length", "5"), ("Connection", "close, X-Hop"), ("x-hop", "1"),
        ("Cookie", "c"),
        ("Authorization", "Bearer x"), ("X-Forwarded-For", "1.2.3.4"), ("Transfer-Encoding", "chunked"),
        ("X-GitHub-Event", "issues"), ("X-Twice", "1"), ("x-twice", "2"), ("Idempotency-Key", "k"),
      ])
    let request = try step.render(incoming, in: try sampleScope(incoming))
    #expect(request.method == "POST")
    #expect(request.body == incoming.body)
    #expect(
      request.headers.all.map { "\($0.name): \($0.value)" } == [
        "X-GitHub-Event: issues", "Content-Type: application/json", "X-Twice: evt_1",
      ])
  }

  @Test(arguments: [
    (#"{"bearer":"vault:x"}"#, "https://x.example/", "Authorization: Bearer s3cret"),
    (
      #"{"basic":{"username":"u","password":"env:P"}}"#, "https://x.example/",
      "Authorization: Basic dTpzM2NyZXQ="
    ),
    (#"{"header":{"name":"X-Api-Key","value":"file:/k"}}"#, "https://x.example/", "X-Api-Key: s3cret"),
    (#"{"query":{"name":"key","value":"env:K"}}"#, "https://x.example/?key=s3cret", ""),
  ])
  func `credentials are added when a request is sent`(auth: String, url: String, header: String) throws {
    let step = try httpStep(#"{"url":"https://x.example/","auth":\#(auth)}"#)
    var request = try step.render(in: try sampleScope())
    #expect(request.headers.isEmpty)
    try step.auth?.apply(to: &request, secrets: Secrets())
    #expect(request.url == url)
    #expect(request.headers.all.map { "\($0.name): \($0.value)" }.joined() == header)
  }

  @Test func `a secret that cannot be had or cannot stand in a header fails the step without being shown`()
    throws
  {
    let missing = try httpStep(#"{"url":"https://x.example/","auth":{"bearer":"vault:missing"}}"#)
    var request = try missing.render(in: try sampleScope())
    let error = #expect(throws: StepError.self) { try missing.auth?.apply(to: &request, secrets: Secrets()) }
    #expect(error?.code == .secret)
    #expect(error?.message == "auth: vault:missing: no such secret")
    let step = try httpStep(#"{"url":"https://x.example/","auth":{"bearer":"vault:x"}}"#)
    let broken = #expect(throws: StepError.self) {
      try step.auth?.apply(to: &request, secrets: Secrets(value: "hun\nter2"))
    }
    #expect(broken?.code == .badHeader)
    #expect(broken?.message.contains("ter2") == false)
  }
}
