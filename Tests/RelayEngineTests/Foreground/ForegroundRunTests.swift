import RelayDocuments
import RelayEngine
import RelayExpressions
import RelayHTTP
import RelayModel
import RelayStore
import RelayWorkflow
import Testing

@Suite struct ForegroundRunTests {
  private let transport = ImmediateTransport()

  /// Runs the document; what was told, a line each.
  private func run(
    _ document: String, body: String = "{}", isDry: Bool = false, secrets: [String: String] = [:]
  )
    throws -> (lines: [String], status: ExecutionStatus)
  {
    let diagnostics = Diagnostics(file: "sample.json")
    let workflow = try #require(Workflow(document: Array(document.utf8), diagnostics), "\(diagnostics.all)")
    let run = ForegroundRun(
      Program(workflow, version: "ab12", vars: .json(.object(JSONObject()))),
      event: EventRecord(
        hook: "inbox", method: "POST", target: "/",
        headers: HeaderFields([("Content-Type", "application/json")]),
        client: "", receivedAt: Timestamp(seconds: 1_790_000_000)),
      body: Array(body.utf8), isDry: isDry, transport: transport,
      scripts: ImmediateScripts(), secrets: FixedSecrets(known: secrets),
      time: MachineTime(), random: FixedRandom(unit: 0))
    var lines: [String] = []
    let (status, _) = run.run { lines.append(Self.line($0)) }
    return (lines, status)
  }

  private static func line(_ report: ForegroundReport) -> String {
    switch report {
    case .wouldSend(let step, let request): "\(step) would send \(String(decoding: request, as: UTF8.self))"
    case .retrying(let step, let attempt, _): "\(step) again after \(attempt.status ?? 0)"
    case .waiting(let step, let what, _): "\(step) \(what)"
    case .ended(let entry): "\(entry.name) \(entry.status.rawValue)"
    case .finished(let status, let failure): "finished \(status.rawValue) \(failure?.code ?? "")"
    }
  }

  private let sample = """
    {"name":"sample","on":{"hook":"inbox"},"retry":{"initial":"1ms"},"steps":[
      {"id":"pick","set":{"n":"{{ event.body.n }}"}},
      {"id":"send","http":{"method":"POST","url":"https://x.example/in","json":{"n":"{{ steps.pick.n }}"},
        "auth":{"bearer":"env:TOKEN"}}},
      {"id":"skip","if":"false","set":{}}]}
    """

  @Test func `it walks to the end and tells each step`() throws {
    transport.statuses = [200]
    let (lines, status) = try run(sample, body: #"{"n":4}"#, secrets: ["env:TOKEN": "s3cret"])
    #expect(status == .succeeded)
    #expect(lines == ["pick succeeded", "send succeeded", "skip skipped", "finished succeeded "])
    #expect(transport.sent.count == 1)
    #expect(transport.sent.first?.body == Array(#"{"n":4}"#.utf8))
  }

  @Test func `a dry run sends nothing and shows what it would send, without its secrets`() throws {
    let (lines, status) = try run(sample, body: #"{"n":4}"#, isDry: true, secrets: ["env:TOKEN": "s3cret"])
    #expect(status == .succeeded)
    #expect(transport.sent.isEmpty)
    #expect(
      lines[1]
        == #"send would send {"method":"POST","url":"https://x.example/in","headers":{"Content-Type":"application/json"},"body":"{\"n\":4}","body_bytes":7}"#
    )
    #expect(!lines.joined().contains("s3cret"))
  }

  @Test func `a failure that may pass is tried again`() throws {
    transport.statuses = [503, 429, 200]
    let (lines, status) = try run(sample, body: #"{"n":4}"#, secrets: ["env:TOKEN": "s3cret"])
    #expect(status == .succeeded)
    #expect(lines[1...2] == ["send again after 503", "send again after 429"])
  }

  @Test func `a failure for good runs onFailure and is the end`() throws {
    transport.statuses = [404, 200]
    let (lines, status) = try run(
      """
      {"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"a","http":{"url":"https://x.example/"}}],
       "onFailure":[{"id":"tell","http":{"url":"https://ops.example/{{ failure.status }}"}}]}
      """)
    #expect(status == .failed)
    #expect(lines == ["a failed", "onFailure/tell succeeded", "finished failed http_status"])
    #expect(transport.sent.last?.url == "https://ops.example/404")
  }

  @Test func `a dry run does not wait`() throws {
    let (lines, status) = try run(
      #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"a","wait":"30d"}]}"#, isDry: true)
    #expect(status == .succeeded)
    #expect(lines == ["a waiting", "a succeeded", "finished succeeded "])
  }

  @Test func `a wait is waited for`() throws {
    let (lines, status) = try run(
      #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"a","wait":"2ms"}]}"#)
    #expect(status == .succeeded)
    #expect(lines == ["a waiting", "a succeeded", "finished succeeded "])
  }
}
