import RelayDocuments
import Testing

/// Workflows that wait for what happens outside, on the real binary.
@Suite struct WaitTests {
  private let payment = """
    { "name": "test", "on": { "hook": "github", "if": "has(event.body.id)" },
      "steps": [
        { "id": "paid", "wait": { "event": { "hook": "github", "key": "event.body.order", "equals": "event.body.id" },
          "timeout": "1h" } },
        { "id": "send", "set": { "by": "{{ steps.paid.body.by }}" } } ] }
    """

  private func id(_ answer: Message) throws -> String {
    try #require(try JSON.parse(answer.body)["executions"]?.array?.first?.string)
  }

  private func status(_ execution: String, _ installation: Installation) throws -> JSON? {
    try installation.admin("/api/executions/\(execution)")["status"]
  }

  @Test func `a wait for an event survives a kill and goes on with the event`() throws {
    let installation = try Installation(workflow: payment)
    let relay = try installation.start()
    let execution = try id(try installation.deliver(#"{"id":7}"#, id: "d-1"))
    #expect(try Installation.until { try status(execution, installation) == "waiting" })
    relay.destroy()
    let again = try installation.start()
    defer { again.destroy() }
    #expect(try installation.deliver(#"{"order":8,"by":"x"}"#, id: "d-2").status == 202)
    #expect(try installation.command("executions", "show", execution).output.contains("waiting for an event"))
    #expect(try installation.deliver(#"{"order":7,"by":"card"}"#, id: "d-3").status == 202)
    #expect(try Installation.until { try status(execution, installation) == "succeeded" })
    let steps = try installation.admin("/api/executions/\(execution)")["steps"]?.array
    #expect(steps?.last?["output"] == ["by": "card"])
    #expect(steps?.first?["output"]?["body"]?["order"] == 7)
  }

  @Test func `a dry run says what it would wait for, and goes on`() throws {
    let installation = try Installation(workflow: payment)
    try installation.folder.write("event.json", #"{"id":7}"#)
    let (status, output) = try installation.command(
      "run", "test", "--event", "\(installation.folder.path)/event.json", "--dry-run")
    #expect(output.contains("would wait for an event of the hook github, until "))
    #expect(status == 0, "\(output)")
  }

  private let deploy = """
    { "name": "test", "on": { "hook": "github" },
      "steps": [
        { "id": "ask", "set": { "link": "{{ execution.approvals.ok }}" } },
        { "id": "ok", "wait": { "approval": { "title": "Deploy <v7>", "message": "it's \\"big\\" & new" } } },
        { "id": "go", "set": { "by": "{{ steps.ok.by }}" } } ] }
    """

  /// Starts an execution that asks; the path of its link.
  private func ask(_ installation: Installation, id name: String) throws -> (execution: String, path: String)
  {
    let execution = try id(try installation.deliver("{}", id: name))
    #expect(try Installation.until { try status(execution, installation) == "waiting" })
    let shown = try installation.admin("/api/executions/\(execution)")
    let link = try #require(shown["approval"]?["url"]?.string)
    #expect(shown["steps"]?.array?.first?["output"]?["link"] == .string(link))
    let base = "http://127.0.0.1:\(installation.port)"
    try #require(link.hasPrefix(base + "/approvals/"))
    return (execution, String(link.dropFirst(base.count)))
  }

  private func decide(
    _ installation: Installation, _ path: String, _ form: String, port: UInt16? = nil,
    fields: [(String, String)] = []
  ) throws -> Message {
    try Socket(port: port ?? installation.port).exchange(
      "POST", path, fields: [("Content-Type", "application/x-www-form-urlencoded")] + fields,
      body: Array(form.utf8))
  }

  @Test func `an approval is shown by GET and decided by POST, once, over a kill`() throws {
    let installation = try Installation(workflow: deploy)
    let relay = try installation.start()
    let (execution, path) = try ask(installation, id: "d-1")
    relay.destroy()
    let again = try installation.start()
    defer { again.destroy() }
    for _ in 0..<2 {
      let page = try Socket(port: installation.port).exchange("GET", path)
      #expect(page.status == 200)
      #expect(page.fields["content-type"] == "text/html; charset=utf-8")
      #expect(page.fields["cache-control"] == "no-store")
      #expect(page.fields["referrer-policy"] == "no-referrer")
      #expect(page.fields["content-security-policy"]?.contains("default-src 'none'") == true)
      let html = String(decoding: page.body, as: UTF8.self)
      #expect(html.contains("<h1>Deploy &lt;v7&gt;</h1>"))
      #expect(html.contains("it&#39;s &quot;big&quot; &amp; new"))
    }
    #expect(try status(execution, installation) == "waiting")
    #expect(try decide(installation, path, "decision=perhaps").status == 422)
    #expect(try decide(installation, path, "decision=approve&by=Ada+L&comment=").status == 200)
    #expect(try Installation.until { try status(execution, installation) == "succeeded" })
    #expect(try decide(installation, path, "decision=reject").status == 409)
    #expect(try Socket(port: installation.port).exchange("GET", path).status == 200)
    let shown = try installation.admin("/api/executions/\(execution)")
    #expect(shown["steps"]?.array?.last?["output"] == ["by": "Ada L"])
    #expect(shown["approval"] == .null)
    let audit = try installation.admin("/api/audit")["items"]?.array?.first
    #expect(audit?["action"] == "approval.approve")
  }

  @Test func `a rejection fails the execution, and the admin listener serves the link too`() throws {
    let installation = try Installation(workflow: deploy)
    let relay = try installation.start()
    defer { relay.destroy() }
    let (execution, path) = try ask(installation, id: "d-1")
    #expect(try installation.command("executions", "show", execution).output.contains(path))
    let foreign = try decide(
      installation, path, "decision=reject", port: installation.adminPort,
      fields: [("Origin", "https://elsewhere.example")])
    #expect(foreign.status == 403)
    let answer = try decide(
      installation, path, "decision=reject", port: installation.adminPort,
      fields: [("Accept", "application/json")])
    #expect(try JSON.parse(answer.body) == ["state": "rejected"])
    #expect(try Installation.until { try status(execution, installation) == "failed" })
    let failure = try installation.admin("/api/executions/\(execution)")["failure"]
    #expect(failure?["code"] == "rejected")
    #expect(failure?["message"] == "rejected")
  }

  @Test func `branches that ask at once are all shown, each with its step and its link`() throws {
    let installation = try Installation(
      workflow: """
        { "name": "test", "on": { "hook": "github" }, "steps": [ { "id": "both", "parallel": {
            "left": [ { "id": "ok", "wait": { "approval": { "title": "Left" } } } ],
            "right": [ { "id": "ok", "wait": { "approval": { "title": "Right" } } } ] } } ] }
        """)
    let relay = try installation.start()
    defer { relay.destroy() }
    let execution = try id(try installation.deliver("{}", id: "d-1"))
    func open() throws -> [JSON] {
      try installation.admin("/api/executions/\(execution)")["approvals"]?.array ?? []
    }
    #expect(try Installation.until { try open().count == 2 })
    let both = try open()
    #expect(both.map { $0["title"]?.string } == ["Left", "Right"])
    #expect(both.map { $0["step"]?.string } == ["both/left/ok", "both/right/ok"])
    #expect(try installation.admin("/api/executions/\(execution)")["approval"] == both[0])
    let told = try installation.command("executions", "show", execution).output
    for approval in both {
      let link = try #require(approval["url"]?.string)
      #expect(told.contains("\(approval["step"]?.string ?? "")  \(link)"))
      let path = String(link.dropFirst("http://127.0.0.1:\(installation.port)".count))
      #expect(try decide(installation, path, "decision=approve").status == 200)
    }
    #expect(try Installation.until { try status(execution, installation) == "succeeded" })
    #expect(try open().isEmpty)
  }

  @Test func `a link that the relay has not made is unknown`() throws {
    let installation = try Installation(workflow: deploy)
    let relay = try installation.start()
    defer { relay.destroy() }
    let (_, path) = try ask(installation, id: "d-1")
    let last = path.last == "A" ? "B" : "A"
    for wrong in [
      "/approvals/", "/approvals/x", String(path.dropLast()) + last, path + "A", path + "/", "/approvals/..",
    ] {
      let shown = try Socket(port: installation.port).exchange("GET", wrong)
      #expect(shown.status == 404, "\(wrong)")
      #expect(try decide(installation, wrong, "decision=approve").status == 404, "\(wrong)")
    }
    #expect(try Socket(port: installation.port).exchange("DELETE", path).status == 405)
  }

  @Test func `a dry run says that it would wait for an approval`() throws {
    let installation = try Installation(workflow: deploy)
    try installation.folder.write("event.json", "{}")
    let (status, output) = try installation.command(
      "run", "test", "--event", "\(installation.folder.path)/event.json", "--dry-run")
    #expect(output.contains("would wait for an approval, until "))
    #expect(status == 0, "\(output)")
  }
}
