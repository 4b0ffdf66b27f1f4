import RelayDocuments
import RelayModel
import Synchronization
import Testing

@testable import RelayAdmin
@testable import RelayHTTP
@testable import RelayStore

@Suite struct ExecutionRouteTests {
  @Test func `one execution is shown with its steps and attempts`() throws {
    let relay = try TestRelay()
    let accepted = try relay.accept()
    try relay.fail(accepted.executions[0])
    let id = relay.id(.execution, accepted.executions[0])
    let shown = try relay.ask("GET", "/api/executions/\(id)").json
    #expect(shown["id"]?.string == id)
    #expect(shown["workflow"]?.string == "alert")
    let version = String(repeating: "01", count: 32)
    #expect(shown["version"]?.string == version)
    let listed = try relay.ask("GET", "/api/executions").json["items"]?.array
    #expect(listed?.first?["version"]?.string == version)
    #expect(shown["status"]?.string == "failed")
    #expect(shown["event"]?.string == relay.id(.event, accepted.event))
    #expect(shown["dead_letter"]?.bool == true)
    let step = try #require(shown["steps"]?.array?.first)
    #expect(step["id"]?.string == "store")
    #expect(step["status"]?.string == "failed")
    let attempt = try #require(step["attempts"]?.array?.first)
    #expect(attempt["duration_ms"]?.int == 12)
    #expect(attempt["request"]?["method"]?.string == "POST")
    #expect(attempt["response"]?["status"]?.int == 503)
    #expect(attempt["error"]?["code"]?.string == "http_status")
  }

  @Test(arguments: ["exe_00000000000ABCDEF", "evt_1", "x", "exe_"])
  func `an unknown id is not found`(id: String) throws {
    let relay = try TestRelay()
    for (method, path) in [("GET", ""), ("POST", "/retry"), ("POST", "/cancel")] {
      let response = relay.ask(method, "/api/executions/\(id)\(path)", path == "/retry" ? [:] : nil)
      #expect(response.status == 404)
    }
  }

  @Test func `a list is paged to its end, the newest first`() throws {
    let relay = try TestRelay()
    var made: [String] = []
    for _ in 0..<5 { made.append(relay.id(.execution, try relay.accept().executions[0])) }
    var seen: [String] = []
    var target = "/api/executions?limit=2"
    while true {
      let page = try relay.ask("GET", target).json
      seen += page["items"]?.array?.compactMap { $0["id"]?.string } ?? []
      guard let next = page["next"]?.string else { break }
      target = "/api/executions?limit=2&cursor=\(next)"
    }
    #expect(seen == made.reversed())
  }

  @Test func `a list is narrowed`() throws {
    let relay = try TestRelay()
    let failed = try relay.accept().executions[0]
    try relay.fail(failed)
    relay.clock.pass(.seconds(3600))
    _ = try relay.accept(hook: "legacy")
    func count(_ query: String) throws -> Int? {
      try relay.ask("GET", "/api/executions?\(query)").json["items"]?.array?.count
    }
    #expect(try count("status=failed") == 1)
    #expect(try count("status=running,failed") == 2)
    #expect(try count("status=succeeded") == 0)
    #expect(try count("hook=legacy") == 1)
    #expect(try count("workflow=other") == 0)
    #expect(try count("since=30m") == 1)
    #expect(try count("since=2h") == 2)
    #expect(try relay.ask("GET", "/api/workflows/alert/executions").json["items"]?.array?.count == 2)
    #expect(relay.ask("GET", "/api/workflows/other/executions").status == 404)
  }

  @Test func `retry and cancel are the relay's, and are written down`() throws {
    let relay = try TestRelay()
    let key = try relay.accept().executions[0]
    let id = relay.id(.execution, key)
    #expect(
      relay.ask("POST", "/api/executions/\(id)/retry", ["from_start": true, "version": "current"]).status
        == 202)
    #expect(relay.ask("POST", "/api/executions/\(id)/cancel").status == 202)
    #expect(relay.control.asked == ["retry start current", "cancel"])
    #expect(relay.ask("POST", "/api/executions/\(id)/retry", ["version": "newest"]).status == 400)
    let audit = try relay.ask("GET", "/api/audit").json["items"]?.array ?? []
    #expect(audit.map { $0["action"]?.string } == ["execution.cancel", "execution.retry"])
    #expect(audit.first?["actor"]?.string == "anonymous")
    #expect(audit.first?["subject"]?.string == id)
  }

  @Test(arguments: [
    (ControlError.notFound("gone"), 404), (.conflict("still runs"), 409), (.invalid("no"), 400),
    (.unavailable("full"), 503),
  ])
  func `what the relay refuses is a problem`(refusal: ControlError, status: Int) throws {
    let relay = try TestRelay()
    let id = relay.id(.execution, try relay.accept().executions[0])
    relay.control.state.withLock { $0.refusal = refusal }
    let response = relay.ask("POST", "/api/executions/\(id)/cancel")
    #expect(response.status == status)
    #expect(try response.json["detail"]?.string == refusal.message)
    #expect((response.field("Retry-After") != nil) == (status == 503))
  }
}

@Suite struct EventRouteTests {
  @Test func `an event is shown with its body's numbers as they came and its secrets masked`() throws {
    let relay = try TestRelay()
    let accepted = try relay.accept(headers: [
      ("X-Hub-Signature-256", "sha256=abc"), ("Authorization", "Bearer hunter2"), ("X-Event", "issues"),
    ])
    let response = relay.ask("GET", "/api/events/\(relay.id(.event, accepted.event))")
    #expect(response.text.contains("\"body\":{\"a\":1.10}"))
    #expect(!response.text.contains("hunter2"))
    #expect(!response.text.contains("sha256=abc"))
    #expect(response.text.contains(#"{"name":"X-Event","value":"issues"}"#))
    #expect(try response.json["executions"]?.array?.count == 1)
  }

  @Test(arguments: [("plain text", "\"plain text\""), ("", "null")])
  func `a body that is no JSON is shown as text`(body: String, shown: String) throws {
    let relay = try TestRelay()
    let accepted = try relay.accept(body: body)
    #expect(
      relay.ask("GET", "/api/events/\(relay.id(.event, accepted.event))").text.contains("\"body\":\(shown)"))
  }

  @Test func `the raw body is an attachment`() throws {
    let relay = try TestRelay()
    let accepted = try relay.accept(body: "<script>")
    let response = relay.ask("GET", "/api/events/\(relay.id(.event, accepted.event))/body")
    #expect(response.text == "<script>")
    #expect(response.field("Content-Type") == "application/octet-stream")
    #expect(response.field("Content-Disposition") == "attachment")
    #expect(response.field("X-Content-Type-Options") == "nosniff")
  }

  @Test func `bytes that are no text are base64`() {
    let members = PayloadView.members(of: [0xFF, 0x00])
    #expect(members.map(\.name) == ["body", "body_base64"])
    #expect(members[1].value.string == "/wA=")
  }

  @Test func `one event is replayed now, many in the background`() throws {
    let relay = try TestRelay()
    let first = try relay.accept().event
    _ = try relay.accept(hook: "legacy")
    let id = relay.id(.event, first)
    let one = relay.ask("POST", "/api/events/\(id)/replay", ["workflow": "alert"])
    #expect(one.status == 202)
    #expect(try one.json["executions"]?.array?.count == 1)
    let many = try relay.ask("POST", "/api/events/replay", ["hook": "github"]).json
    #expect(many["done"]?.array?.count == 1)
    #expect(relay.control.asked == ["replay alert now", "replay - background"])
  }

  @Test func `a bulk goes on by its cursor, and tells what failed`() throws {
    let relay = try TestRelay()
    for _ in 0..<3 { _ = try relay.accept() }
    let piece = try relay.ask("POST", "/api/events/replay", ["limit": 2]).json
    #expect(piece["done"]?.array?.count == 2)
    let next = try #require(piece["next"]?.string)
    relay.control.state.withLock { $0.refusal = .unavailable("full") }
    let rest = try relay.ask("POST", "/api/events/replay", ["limit": 2, "cursor": .string(next)]).json
    #expect(rest["done"]?.array?.isEmpty == true)
    #expect(rest["failed"]?.array?.first?["code"]?.string == "unavailable")
    #expect(rest["next"] == .null)
  }

  @Test func `ids that are unknown fail alone`() throws {
    let relay = try TestRelay()
    let id = relay.id(.event, try relay.accept().event)
    let outcome = try relay.ask("POST", "/api/events/replay", ["ids": [.string(id), "evt_x"]]).json
    #expect(outcome["done"]?.array?.count == 1)
    #expect(outcome["failed"]?.array?.first?["id"]?.string == "evt_x")
  }

  @Test(
    arguments: [
      ["ids": "evt_1"], ["ids": [1]], ["ids": [], "hook": "a"], ["limit": 0], ["limit": 5000], ["since": "x"],
      ["cursor": "x"],
    ] as [JSON])
  func `a filter that makes no sense is refused`(body: JSON) throws {
    #expect(try TestRelay().ask("POST", "/api/events/replay", body).status == 400)
  }
}

@Suite struct DeadLetterRouteTests {
  @Test func `dead letters are retried and discarded by filter`() throws {
    let relay = try TestRelay()
    for _ in 0..<3 { try relay.fail(try relay.accept().executions[0]) }
    _ = try relay.accept()
    #expect(try relay.ask("GET", "/api/dead-letters").json["items"]?.array?.count == 3)
    let retried = try relay.ask("POST", "/api/dead-letters/retry", ["filter": ["workflow": "alert"]]).json
    #expect(retried["done"]?.array?.count == 3)
    let none = try relay.ask("POST", "/api/dead-letters/discard", ["filter": ["workflow": "other"]]).json
    #expect(none["done"]?.array?.isEmpty == true)
    let all = try relay.ask("POST", "/api/dead-letters/discard", [:]).json
    #expect(all["done"]?.array?.count == 3)
    #expect(relay.control.asked.filter { $0 == "discard" }.count == 3)
    #expect(relay.ask("POST", "/api/dead-letters/discard", ["filter": ["workflo": "x"]]).status == 400)
  }
}

@Suite struct RejectedRouteTests {
  private func reject(_ relay: TestRelay) throws -> String {
    let request = IncomingRequest(
      method: "POST", target: "/hooks/github", headers: HeaderFields([("X-Hub-Signature-256", "sha256=bad")]),
      body: Array("{}".utf8), receivedAt: relay.clock.now(), client: "192.0.2.1")
    let record = RejectedRecord(
      hook: "github", code: .noMatchingSignature, detail: "no signature matches", request: request)
    return relay.id(.rejected, try relay.store.perform(Reject(record: record, now: relay.clock.now())))
  }

  @Test func `a refused request is shown with why its signature failed`() throws {
    let relay = try TestRelay()
    let id = try reject(relay)
    #expect(try relay.ask("GET", "/api/rejected").json["items"]?.array?.first?["id"]?.string == id)
    let shown = relay.ask("GET", "/api/rejected/\(id)")
    #expect(try shown.json["code"]?.string == "no_matching_signature")
    #expect(try shown.json["findings"]?.array?.first?["evidence"]?.string == "no secret matches")
    #expect(!shown.text.contains("sha256=bad"))
    #expect(
      ShapeCheck.mismatches(try shown.json, .named("Rejected"), at: "rejected").isEmpty)
    #expect(relay.ask("GET", "/api/rejected/rej_00000000000ABCDEF").status == 404)
  }

  @Test func `those that verify now are admitted, the others say why not`() throws {
    let relay = try TestRelay()
    let id = try reject(relay)
    let refused = try relay.ask("POST", "/api/rejected/rejudge", [:]).json
    #expect(refused["failed"]?.array?.first?["code"]?.string == "no_matching_signature")
    relay.control.state.withLock {
      $0.rejudged = .admitted(event: RecordKey(rawValue: 9), executions: [], duplicate: false)
    }
    let admitted = try relay.ask("POST", "/api/rejected/rejudge", ["ids": [.string(id)]]).json
    #expect(admitted["done"]?.array?.first?.string == relay.id(.event, RecordKey(rawValue: 9)))
  }
}

@Suite struct SettingRouteTests {
  @Test func `a secret goes in and does not come out`() throws {
    let relay = try TestRelay()
    #expect(relay.ask("PUT", "/api/secrets/legacy", ["value": "hunter2"]).status == 204)
    #expect(relay.ask("PUT", "/api/secrets/raw", ["value_base64": "/wA="]).status == 204)
    #expect(relay.control.state.withLock { $0.secrets["raw"] } == [0xFF, 0x00])
    let list = relay.ask("GET", "/api/secrets")
    #expect(try list.json["items"]?.array?.compactMap { $0["name"]?.string } == ["legacy", "raw"])
    #expect(!list.text.contains("hunter2"))
    let audit = relay.ask("GET", "/api/audit")
    #expect(audit.text.contains("secret.set"))
    #expect(!audit.text.contains("hunter2"))
    #expect(relay.ask("DELETE", "/api/secrets/legacy").status == 204)
    #expect(relay.ask("DELETE", "/api/secrets/legacy").status == 404)
  }

  @Test(
    arguments: [
      [:], ["value": ""], ["value": 1], ["value": "a", "value_base64": "YQ=="], ["value_base64": "%"],
    ] as [JSON])
  func `a secret without a value is refused`(body: JSON) throws {
    #expect(try TestRelay().ask("PUT", "/api/secrets/a", body).status == 400)
  }

  @Test func `a secret's name is a resource's`() throws {
    #expect(try TestRelay().ask("PUT", "/api/secrets/A%20B", ["value": "x"]).status == 400)
  }

  @Test func `a refused reload tells every error`() throws {
    let relay = try TestRelay()
    relay.control.state.withLock { $0.reloadErrors = ["petrel.yaml:1:1: unknown key \"lisen\""] }
    let response = relay.ask("POST", "/api/reload")
    #expect(response.status == 422)
    #expect(try response.json["errors"]?.array?.count == 1)
    #expect(try response.json["changed"]?.bool == false)
  }

  @Test func `a workflow is run on a body, or on an event that is described`() throws {
    let relay = try TestRelay()
    let made = relay.ask("POST", "/api/workflows/execute", ["workflow": "alert", "event": ["a": 1]])
    #expect(made.status == 202)
    #expect(try made.json["executions"]?.array?.count == 1)
    _ = relay.ask(
      "POST", "/api/workflows/execute",
      ["workflow": "alert", "event": ["type": "push", "headers": ["X-A": "b"], "body": [1]]])
    #expect(
      relay.control.asked == [
        "execute alert - {\"a\":1} by anonymous", "execute alert push [1] by anonymous",
      ])
    #expect(relay.ask("POST", "/api/workflows/execute", ["workflow": "alert"]).status == 400)
    #expect(relay.ask("POST", "/api/workflows/execute", ["event": 1]).status == 400)
  }

  @Test func `a sample is signed with the hook's own secret`() throws {
    let relay = try TestRelay()
    let signed = relay.ask(
      "POST", "/api/hooks/github/sign",
      ["body_base64": "e30=", "headers": [["name": "X-GitHub-Event", "value": "push"]]])
    #expect(signed.status == 200)
    #expect(try signed.json["url"]?.string == "http://h/hooks/github")
    #expect(relay.control.asked == ["sign github 1 {}"])
    for body in [[:], ["body_base64": "%"], ["body_base64": "", "headers": ["x"]]] as [JSON] {
      #expect(relay.ask("POST", "/api/hooks/github/sign", body).status == 400)
    }
  }

  @Test func `a backup goes to a new absolute folder, and is read whole`() throws {
    let relay = try TestRelay()
    try relay.accept()
    let folder = relay.fresh("copy")
    #expect(relay.ask("POST", "/api/backup", ["folder": "here"]).status == 400)
    let done = try relay.ask("POST", "/api/backup", ["folder": .string(folder), "verify": true]).json
    #expect(done["events"]?.int == 1)
    #expect(done["executions"]?.int == 1)
    #expect(done["findings"]?.array?.isEmpty == true)
    #expect(relay.ask("POST", "/api/backup", ["folder": .string(folder)]).status == 409)
    #expect(relay.ask("GET", "/api/audit").text.contains("relay.backup"))
  }

  @Test func `a sound store is found sound`() throws {
    let relay = try TestRelay()
    try relay.accept()
    let report = try relay.ask("POST", "/api/check").json
    #expect(report["sound"]?.bool == true)
    #expect(report["findings"]?.array?.isEmpty == true)
  }
}
