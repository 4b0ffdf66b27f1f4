import Glibc
import RelayDocuments
import Testing

@Suite struct RunningCommandTests {
  private let relay: CommandRelay

  init() throws { relay = try CommandRelay() }

  @Test func `an event is sent, listed, shown and replayed`() throws {
    let sent = try relay.send(#"{"kind":"greet","name":"Ada","n":1.10}"#)
    try relay.waitFor(sent.execution, "succeeded")
    let list = try relay.run(["events", "list"])
    #expect(list.output.hasPrefix("ID"))
    #expect(list.output.contains(sent.event))
    #expect(try relay.run(["events", "list", "--ids"]).output == "\(sent.event)\n")
    let shown = try relay.run(["events", "show", sent.event, "--json"])
    #expect(shown.output.contains("1.10"))
    #expect(shown.output.contains("[redacted]"))
    #expect(try relay.run(["events", "show", sent.event]).output.contains("POST /hooks/hello"))
    let replayed = try relay.run(["events", "replay", sent.event])
    #expect(replayed.status == 0)
    let id = replayed.output.split(separator: "\n").first.map(String.init) ?? ""
    #expect(id.hasPrefix("exe_") && id != sent.execution)
    let bulk = try relay.run(["events", "replay", "--hook", "hello", "--json"])
    #expect(try bulk.json["done"]?.array?.count == 1)
    #expect(try relay.run(["events", "replay", sent.event, "evt_x"]).status == 3)
    #expect(try relay.run(["events", "replay", sent.event, "--workflow", "none"]).status == 66)
  }

  @Test func `a plan tells what a change of workflows would do, and who stays where`() throws {
    #expect(try relay.run(["plan"]).output.hasSuffix("nothing would change\n"))
    let asleep = try relay.send(#"{"kind":"sleep"}"#)
    try relay.waitFor(asleep.execution, "waiting")
    let file = try relay.folder.write("sleeper.json", CommandRelay.waiting.replacing("1h", with: "2h"))
    let change = try #require(try relay.run(["plan", file, "--json"]).json["changed"]?.array?.first)
    #expect(change["workflow"]?.string == "sleeper")
    #expect(change["from"] != change["to"])
    #expect(change["in_flight"]?.array?.first?["version"] == change["from"])
    #expect(change["in_flight"]?.array?.first?["count"]?.int == 1)
    let text = try relay.run(["plan", file]).output
    #expect(text.hasPrefix("~ sleeper  changed  "))
    #expect(text.contains("in flight, and staying there: 1 on "))
    #expect(text.hasSuffix("1 of 1 would change\n"), "with files, nothing counts as removed")
    let new = try relay.folder.write(
      "new.json", CommandRelay.waiting.replacing("\"sleeper\"", with: "\"dreamer\""))
    #expect(try relay.run(["plan", new]).output.hasPrefix("+ dreamer  added  "))
    #expect(try relay.run(["plan", try relay.folder.write("broken.json", #"{"name":"x"}"#)]).status == 65)
  }

  @Test func `a changed workflow is held against what was done, without effects`() throws {
    let greeted = try relay.send(#"{"kind":"greet","name":"Ada"}"#)
    try relay.waitFor(greeted.execution, "succeeded")
    let broken = try relay.send(#"{"kind":"break"}"#)
    try relay.waitFor(broken.execution, "failed")
    func against(_ workflow: String, _ arguments: [String]) throws -> CommandRun {
      let file = try relay.folder.write("changed.json", workflow)
      return try relay.run(["events", "replay"] + arguments + ["--against", file])
    }
    let same = try against(CommandRelay.workflow, ["--hook", "hello"])
    #expect(same.status == 0)
    #expect(same.output == "\(broken.event)  same\n\(greeted.event)  same\n")
    let changed = try against(
      CommandRelay.workflow.replacing("Hello", with: "Welcome").replacing(
        "\"id\":\"done\"", with: "\"id\":\"over\""),
      [greeted.event])
    #expect(changed.output.contains("differs"))
    #expect(
      changed.output.contains(#"text: gave {"text":"Hello, Ada!"}, would give {"text":"Welcome, Ada!"}"#))
    #expect(changed.output.contains("done: was succeeded, and would not be reached"))
    #expect(changed.output.contains("over: was not reached, and would be succeeded"))
    let unmatched = try against(
      CommandRelay.workflow.replacing("== 'greet'", with: "== 'break'"), ["--hook", "hello", "--json"])
    #expect(unmatched.output.contains("it was started, and would not be"))
    #expect(unmatched.output.contains("it was not started, and would be"))
    #expect(try relay.run(["executions", "list", "--json"]).json["items"]?.array?.count == 2)
    #expect(try against("{", [greeted.event]).status == 65)
  }

  @Test func `an execution is listed and shown with its steps`() throws {
    let sent = try relay.send(#"{"kind":"greet","name":"Ada"}"#)
    try relay.waitFor(sent.execution, "succeeded")
    let shown = try relay.run(["executions", "show", sent.execution])
    #expect(shown.output.contains("step text  succeeded"))
    #expect(shown.output.contains(#"output {"text":"Hello, Ada!"}"#))
    #expect(!shown.output.contains("\u{1b}"))
    let coloured = try relay.run(["executions", "show", sent.execution, "--color", "always"])
    #expect(coloured.output.contains("\u{1b}[32msucceeded"))
    let listed = try relay.run([
      "executions", "list", "--status", "succeeded", "--workflow", "greet", "--json",
    ])
    #expect(try listed.json["items"]?.array?.count == 1)
    #expect(try relay.run(["executions", "list", "--status", "failed", "--ids"]).output.isEmpty)
  }

  @Test func `a dead letter is retried and put aside`() throws {
    let sent = try relay.send(#"{"kind":"break"}"#)
    let id = sent.execution
    try relay.waitFor(id, "failed")
    #expect(try relay.run(["dead-letters", "list", "--ids"]).output == "\(id)\n")
    #expect(try relay.run(["executions", "list"]).output.contains("end: it is broken"))
    let retried = try relay.run(["executions", "retry", id])
    #expect(retried.status == 0)
    #expect(retried.output == "\(id)\n")
    try relay.waitFor(id, "failed")
    let anew = try relay.run(["executions", "retry", id, "--from-start", "--version", "current"])
    #expect(anew.output != "\(id)\n")
    try relay.waitFor(anew.output.split(separator: "\n").first.map(String.init) ?? "", "failed")
    #expect(try relay.run(["dead-letters", "retry", "--workflow", "broken"]).status == 0)
    try relay.waitFor(id, "failed")
    let discarded = try relay.run(["dead-letters", "discard"])
    #expect(discarded.status == 0)
    #expect(try relay.run(["dead-letters", "list", "--ids"]).output.isEmpty)
    #expect(try relay.run(["dead-letters", "discard", id]).status == 1)
  }

  @Test func `what waits is cancelled, and what has ended is not`() throws {
    let sent = try relay.send(#"{"kind":"sleep"}"#)
    let waiting =
      try relay.run(["executions", "list", "--workflow", "sleeper", "--ids"]).output
      .split(separator: "\n").first.map(String.init) ?? ""
    #expect(sent.execution == waiting)
    try relay.waitFor(waiting, "waiting")
    #expect(try relay.run(["executions", "retry", waiting]).status == 1)
    #expect(try relay.run(["executions", "cancel", waiting]).status == 0)
    try relay.waitFor(waiting, "cancelled")
    #expect(try relay.run(["executions", "cancel", waiting]).status == 1)
    #expect(try relay.run(["executions", "cancel", waiting, "exe_x"]).status == 1)
  }

  @Test func `the status tells what runs`() throws {
    let status = try relay.run(["status"])
    #expect(status.output.hasPrefix("✓ petrel"))
    #expect(status.output.contains("workflows   3"))
    #expect(try relay.run(["status", "--json"]).json["ready"]?.bool == true)
  }

  @Test func `a token opens the interface elsewhere as far as its role goes`() throws {
    let address = try #require(try relay.run(["status", "--json"]).json["admin_listen"]?.string)
    let made = try relay.run(["tokens", "create", "--role", "viewer"])
    let token = made.output.split(separator: "\n").first.map(String.init) ?? ""
    func elsewhere(_ arguments: [String], _ token: String?) throws -> CommandRun {
      try CommandRun(
        arguments + ["--url", "http://\(address)/"], environment: token.map { ["PETREL_TOKEN": $0] } ?? [:])
    }
    #expect(try elsewhere(["status"], token).status == 0)
    #expect(try elsewhere(["tokens", "create", "--role", "admin"], token).status == 77)
    let denied = try elsewhere(["status"], nil)
    #expect(denied.status == 77)
    #expect(denied.messages.contains("PETREL_TOKEN"))
    #expect(try elsewhere(["status"], "ptk_wrong").status == 77)
    #expect(
      try CommandRun(["status"], environment: ["PETREL_URL": "http://\(address)", "PETREL_TOKEN": token])
        .status
        == 0)
  }

  @Test func `an open folder is refused offline, and looked at through the relay`() throws {
    _ = try relay.send(#"{"kind":"greet","name":"Ada"}"#)
    #expect(try relay.run(["events", "list", "--offline"]).status == 75)
    let doctor = try relay.run(["doctor", "--store"])
    #expect(doctor.status == 0)
    #expect(doctor.output.contains("records read, all sound"))
    #expect(doctor.output.contains("it takes events on 127.0.0.1:"))
    #expect(try relay.run(["compact"]).status == 0)
    #expect(try relay.run(["backup", "\(relay.folder.path)/copy", "--verify"]).status == 0)
  }

  @Test func `a hook or file that is not there is told`() throws {
    #expect(try relay.run(["send", "helo", "/dev/null"]).status == 66)
    #expect(try relay.run(["send", "hello", "/nonexistent"]).status == 65)
  }

  @Test func `a list is the admin interface's`() throws {
    for _ in 0..<3 { _ = try relay.send(#"{"kind":"greet","name":"Ada"}"#) }
    let page = try relay.run(["events", "list", "--limit", "2", "--json"])
    #expect(try page.json["items"]?.array?.count == 2)
    #expect(try page.json["next"]?.string?.hasPrefix("evt_") == true)
    #expect(try relay.run(["events", "list", "--limit", "2"]).messages.contains("More follow"))
  }
}

@Suite struct RunCommandTests {
  private let folder: Folder
  private let config: String

  init() throws {
    folder = try Folder()
    config = try folder.write("petrel.yaml", "hooks: { hello: { verify: none } }\n")
    try folder.write(
      "workflows/call.json",
      """
      {"name":"call","on":{"hook":"hello","if":"event.body.name != null"},"retry":{"attempts":1},
       "steps":[{"id":"text","set":{"t":"Hi {{ event.body.name }}"}},{"id":"nap","wait":"1h"},
                {"id":"tell","http":{"method":"POST","url":"http://127.0.0.1:1/x","auth":{"bearer":"env:TOKEN"},
                 "json":{"text":"{{ steps.text.t }} and hunter2hunter2"}}}]}
      """)
    try folder.write("event.json", #"{"name":"Ada"}"#)
  }

  private func run(_ arguments: [String]) throws -> CommandRun {
    try CommandRun(
      ["run"] + arguments + ["--config", config], environment: ["TOKEN": "hunter2hunter2"], in: folder.path)
  }

  @Test func `a dry run shows each request, sends nothing and waits for nothing`() throws {
    let dry = try run(["call", "--event", "event.json", "--dry-run"])
    #expect(dry.status == 0)
    #expect(dry.output.contains("would send"))
    #expect(dry.output.contains(#""url":"http://127.0.0.1:1/x""#))
    #expect(dry.output.contains(#"\"text\":\"Hi Ada and [redacted]\""#))
    #expect(!dry.output.contains("hunter2"))
    #expect(dry.output.hasSuffix("succeeded\n"))
  }

  @Test func `each step is told once, also one that holds others`() throws {
    try folder.write(
      "workflows/nested.json",
      #"""
      {"name":"nested","on":{"hook":"hello"},"steps":[{"id":"all","forEach":{"in":"[1, 2]","as":"n","steps":[
        {"id":"call","http":{"url":"http://127.0.0.1:1/{{ n }}"}}]}}]}
      """#)
    let dry = try run(["nested", "--event", "event.json", "--dry-run"])
    let told = dry.output.split(separator: "\n").filter { !$0.hasPrefix(" ") }.dropLast()
    #expect(
      told.map { $0.split(separator: " ")[0] }.sorted() == ["all", "all[0]/call", "all[1]/call"],
      "\(dry.output)")
  }

  @Test func `a mapping is run and shown, and a misspelt transform is told by check`() throws {
    let mapping =
      #"[{"to":"fields.Name","from":"event.body.name","transforms":["upper",{"padEnd":[5,"."]}]}]"#
    let workflow = #"{"name":"fields","on":{"hook":"hello"},"steps":[{"id":"row","map":\#(mapping)}]}"#
    let file = try folder.write("workflows/fields.json", workflow)
    let ran = try self.run(["fields", "--event", "event.json"])
    #expect(ran.status == 0)
    #expect(ran.output.contains(#"{"fields":{"Name":"ADA.."}}"#))
    try folder.write("workflows/fields.json", workflow.replacing("padEnd", with: "padEdn"))
    let checked = try CommandRun(["check", file], in: folder.path)
    #expect(checked.status == 65)
    #expect(checked.output.contains(#"no transform "padEdn"; did you mean "padEnd"?"#))
  }

  @Test func `a run that fails ends with 1 and says why`() throws {
    try folder.write(
      "workflows/now.json",
      #"{"name":"now","on":{"hook":"hello"},"retry":{"attempts":1},"steps":[{"id":"a","http":{"url":"http://127.0.0.1:1/"}}]}"#
    )
    let failed = try run(["now", "--event", "event.json"])
    #expect(failed.status == 1)
    #expect(failed.output.contains("a  failed"))
    let json = try run(["now", "--event", "event.json", "--json"])
    #expect(json.status == 1)
    #expect(try json.json["failure"]?["step"]?.string == "a")
  }

  @Test func `a workflow may be a file, an event what events show printed`() throws {
    try folder.write(
      "shown.json",
      #"{"id":"evt_1","type":"push","headers":[{"name":"X-A","value":"b"}],"body":{"name":"Bo"}}"#)
    let dry = try run(["workflows/call.json", "--event", "shown.json", "--dry-run"])
    #expect(dry.status == 0)
    #expect(dry.output.contains("Hi Bo"))
    try folder.write("other.json", "{}")
    let note = try run(["call", "--event", "other.json", "--dry-run"])
    #expect(note.messages.contains("the relay would not start it"))
  }

  @Test func `what is not there is told`() throws {
    #expect(try run(["cal", "--event", "event.json"]).status == 66)
    #expect(try run(["cal", "--event", "event.json"]).messages.contains("Did you mean call?"))
    #expect(try run(["call", "--event", "nothing.json"]).status == 65)
    #expect(try run(["nothing.json", "--event", "event.json"]).status == 65)
    #expect(try run(["call"]).status == 64)
  }
}

@Suite struct InterruptionTests {
  @Test func `an interrupted command ends with 130`() throws {
    let relay = try CommandRelay()
    let tail = try RelayProcess(
      ["executions", "tail", "--config", relay.config], log: "\(relay.folder.path)/tail")
    try relay.wait { try relay.folder.read("tail").contains("connected") }
    let sent = try relay.send(#"{"kind":"greet","name":"Ada"}"#)
    try relay.wait { try relay.folder.read("tail").contains(sent.execution) }
    tail.signal(SIGINT)
    #expect(tail.wait() == 130)
  }
}
