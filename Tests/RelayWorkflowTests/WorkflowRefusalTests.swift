import RelayDocuments
import RelayWorkflow
import Testing

@Suite struct WorkflowRefusalTests {
  /// One mistake each, in a step of its own, and the message about it without the place.
  @Test(arguments: [
    (#"{"set":{}}"#, "the step.id is missing"),
    (#"{"id":"A","set":{}}"#, "step A.id must be 1 to 64 of a-z, 0-9 and _, beginning with a letter"),
    (#"{"id":"first","set":{}}"#, "step first.id is already that of the step in line 1"),
    (
      #"{"id":"a"}"#,
      "step a needs exactly one of set, map, http, forward, wait, switch, forEach, parallel, run, code, respond, stop, fail; found none"
    ),
    (
      #"{"id":"a","set":{},"wait":"1s"}"#,
      "step a needs exactly one of set, map, http, forward, wait, switch, forEach, parallel, run, code, respond, stop, fail; found set and wait"
    ),
    (#"{"id":"a","set":{},"tiemout":"1s"}"#, #"unknown key "tiemout" in step a; did you mean "timeout"?"#),
    (#"{"id":"a","set":[]}"#, "step a.set must be a mapping, not a list"),
    (
      #"{"id":"a","use":"slack/post","connection":"c","with":{}}"#,
      "step a.use is not supported by this version"
    ),
    (
      #"{"id":"a","parallel":{}}"#,
      #"step a.parallel must hold 1 to 256 branches, each "name": […]"#
    ),
    (#"{"id":"a","parallel":[]}"#, "step a.parallel must be a mapping, not a list"),
    (#"{"id":"a","parallel":{"x":[]}}"#, "step a.parallel.x must hold at least one step"),
    (#"{"id":"a","parallel":{"x":{"id":"b","set":{}}}}"#, "step a.parallel.x must be a list, not a mapping"),
    (
      #"{"id":"a","parallel":{"x/y":[{"id":"b","set":{}}]}}"#,
      "step a.parallel.x/y is no name for a branch: 1 to 64 of A-Z, a-z, 0-9, _ and -, beginning with a letter"
    ),
    (
      #"{"id":"a","parallel":{"x":[{"id":"b","set":{}}],"y":[{"id":"c","set":{"v":"{{ steps.b }}"}}]}}"#,
      #"no step "b" comes before this one (column 4 of the expression)"#
    ),
    (
      #"{"id":"a","switch":[]}"#,
      #"step a.switch must hold 1 to 256 branches, each {"if": …, "steps": […]}"#
    ),
    (
      #"{"id":"a","switch":[{"steps":[{"id":"b","set":{}}]},{"if":"true","steps":[{"id":"b","set":{}}]}]}"#,
      "step a.switch[0] needs an if: only the last branch may do without, which is taken where no other is"
    ),
    (
      #"{"id":"a","switch":[{"if":"true","steps":[]}]}"#, "step a.switch[0].steps must hold at least one step"
    ),
    (
      #"{"id":"a","switch":[{"if":"steps.a.x","steps":[{"id":"b","set":{}}]}]}"#,
      #"no step "a" comes before this one (column 1 of the expression)"#
    ),
    (
      #"{"id":"a","forEach":{"in":"[1]","as":"event","steps":[{"id":"b","set":{}}]}}"#,
      #"step a.forEach.as "event" is taken; another name is needed"#
    ),
    (
      #"{"id":"a","forEach":{"in":"[1]","as":"a-b","steps":[{"id":"b","set":{}}]}}"#,
      "step a.forEach.as must be 1 to 64 of A-Z, a-z, 0-9 and _, not beginning with a digit"
    ),
    (
      #"{"id":"a","forEach":{"in":"[1]","concurrency":4000,"steps":[{"id":"b","set":{}}]}}"#,
      "step a.forEach.concurrency must be a whole number from 1 to 1000, not 4000"
    ),
    (
      #"{"id":"a","forEach":{"in":"[1]","steps":[{"id":"b","set":{"x":"{{ itm }}"}}]}}"#,
      #"no such name "itm"; did you mean "item"? (column 4 of the expression)"#
    ),
    (
      #"{"id":"a","wait":{"until":"x"}}"#,
      "step a.wait.until must be an instant: RFC 3339 such as 2026-11-25T08:00:00Z, seconds since 1970, or "
        + "{{ an expression }} that gives one"
    ),
    (#"{"id":"a","wait":{}}"#, "step a.wait needs exactly one of until, event, approval; found none"),
    (
      #"{"id":"a","wait":{"until":1,"event":{}}}"#,
      "step a.wait needs exactly one of until, event, approval; found until and event"
    ),
    (
      #"{"id":"a","wait":{"until":1,"timeout":"1s"}}"#,
      "step a.wait.timeout has no place beside until, which is an end itself"
    ),
    (
      #"{"id":"a","wait":{"approval":{"titel":"x"}}}"#,
      #"unknown key "titel" in step a.wait.approval; did you mean "title"?"#
    ),
    (
      #"{"id":"a","set":{"x":"{{ execution.approvals.okk }}"}},{"id":"ok","wait":{"approval":{}}}"#,
      #"no step "okk" here waits for an approval; did you mean "ok"? (column 4 of the expression)"#
    ),
    (#"{"id":"a","wait":{"event":{"hook":"h","key":"1"}}}"#, "step a.wait.event.equals is missing"),
    (
      #"{"id":"a","wait":{"event":{"hook":"H","key":"1","equals":"1"}}}"#,
      "step a.wait.event.hook must be 1 to 64 of a-z, 0-9, _ and -, beginning with a letter or a digit"
    ),
    (
      #"{"id":"a","wait":{"event":{"hook":"h","key":"steps.first","equals":"1"}}}"#,
      #"no such name "steps" (column 1 of the expression)"#
    ),
    (
      #"{"id":"a","wait":{"event":{"hook":"h","key":"event.boddy","equals":"1"}}}"#,
      #"event has no member "boddy"; did you mean "body"? (column 1 of the expression)"#
    ),
    (
      #"{"id":"a","wait":{"event":{"hook":"h","key":"1","equals":"1"},"timeout":"11y"}}"#,
      "step a.wait.timeout must be a duration such as 30s (ms, s, m, h, d), not a string"
    ),
    (
      #"{"id":"a","wait":{"until":1,"utnil":2}}"#,
      #"unknown key "utnil" in step a.wait; did you mean "until"?"#
    ),
    (#"{"id":"a","run":{}}"#, "step a.run.workflow is missing"),
    (
      #"{"id":"a","run":{"workflow":"{{ x }}"}}"#,
      "step a.run.workflow must be a workflow's name, written out"
    ),
    (
      #"{"id":"a","respond":{"status":99}}"#,
      "step a.respond.status must be a status from 200 to 599, or {{ an expression }} that gives one"
    ),
    (
      #"{"id":"a","respond":{"json":1,"text":"x"}}"#, "step a.respond has more than one body: json, text"
    ),
    (
      #"{"id":"a","respond":{"headers":{"Connection":"x"}}}"#,
      "step a.respond.headers.Connection is a header that the relay sets itself"
    ),
    (
      #"{"id":"a","wait":"soon"}"#,
      "step a.wait must be a duration such as 10m (ms, s, m, h, d), at most ten years"
    ),
    (
      #"{"id":"a","if":"steps.frist.x","set":{}}"#,
      #"no step "frist" comes before this one; did you mean "first"? (column 1 of the expression)"#
    ),
    (
      #"{"id":"a","if":"evnt.type == 1","set":{}}"#,
      #"no such name "evnt"; did you mean "event"? (column 1 of the expression)"#
    ),
    (
      #"{"id":"a","set":{"x":["{{ event.bdy }}"]}}"#,
      #"event has no member "bdy"; did you mean "body"? (column 4 of the expression)"#
    ),
    (
      #"{"id":"a","set":{"x":"{{ failure.message }}"}}"#,
      #"no such name "failure" (column 4 of the expression)"#
    ),
    (
      #"{"id":"a","set":{"x":"{{ steps.a }}"}}"#,
      #"no step "a" comes before this one (column 4 of the expression)"#
    ),
    (#"{"id":"a","set":{"x":"{{ 1 + }}"}}"#, #"expected a value, found "}" (column 8 of "{{ 1 + }}")"#),
    (#"{"id":"a","timeout":"0s","set":{}}"#, "step a.timeout must lie between 1ms and 1d"),
    (
      #"{"id":"a","retry":{"atempts":1},"set":{}}"#,
      #"unknown key "atempts" in step a.retry; did you mean "attempts"?"#
    ),
    (#"{"id":"a","retry":{"initial":"2h"},"set":{}}"#, "step a.retry.initial leaves max below initial"),
    (#"{"id":"a","http":{}}"#, "step a.http.url is missing"),
    (
      #"{"id":"a","http":{"url":"ftp://x.example/"}}"#,
      "step a.http.url cannot be called: the URL's scheme is neither http nor https"
    ),
    (
      #"{"id":"a","http":{"url":"https://u:p@x.example/"}}"#,
      "step a.http.url cannot be called: the URL holds a user name: write credentials in `auth` or a header"
    ),
    (
      #"{"id":"a","http":{"url":"https://x.example/","method":"post"}}"#,
      "step a.http.method must be in upper-case letters, such as POST"
    ),
    (
      #"{"id":"a","http":{"url":"https://x.example/","json":1,"text":"x"}}"#,
      "step a.http has more than one body: json, text"
    ),
    (
      #"{"id":"a","http":{"url":"https://x.example/","headers":{"a b":"c"}}}"#,
      "step a.http.headers.a b is no name of a header field"
    ),
    (
      #"{"id":"a","http":{"url":"https://x.example/","headers":{"Host":"c"}}}"#,
      "step a.http.headers.Host is a header that the relay sets itself"
    ),
    (
      #"{"id":"a","http":{"url":"https://x.example/","auth":{"bearer":"hunter2"}}}"#,
      "step a.http.auth.bearer must be env:NAME, file:PATH or vault:NAME, not the secret itself"
    ),
    (
      #"{"id":"a","http":{"url":"https://x.example/","auth":{}}}"#,
      "step a.http.auth needs exactly one of bearer, basic, header, query"
    ),
    (
      #"{"id":"a","http":{"url":"https://x.example/","expect":"respnse.status == 1"}}"#,
      #"no such name "respnse"; did you mean "response"? (column 1 of the expression)"#
    ),
    (
      #"{"id":"a","forward":{"url":"https://x.example/","sign":{"provider":"github"}}}"#,
      "step a.forward.sign.secret is missing"
    ),
    (
      #"{"id":"a","forward":{"url":"https://x.example/","sign":{"secret":"env:X"}}}"#,
      "step a.forward.sign needs a provider, or a type"
    ),
  ])
  func `a mistake in a step is reported`(step: String, expected: String) {
    let found = complaints(#"{"name":"w","on":{"hook":"h"},"steps":[{"id":"first","set":{}},\#(step)]}"#)
    #expect(found.map { $0.split(separator: ": ", maxSplits: 1).last.map(String.init) } == [expected])
  }

  @Test(arguments: [
    (#"{"on":{"hook":"h"},"steps":[{"id":"a","set":{}}]}"#, "w.json:1:1: name is missing"),
    (
      #"{"name":"A b","on":{"hook":"h"},"steps":[{"id":"a","set":{}}]}"#,
      "w.json:1:9: name must be 1 to 64 of a-z, 0-9, _ and -, beginning with a letter or a digit"
    ),
    (#"{"name":"w","on":{"hook":"h"}}"#, "w.json:1:1: steps is missing"),
    (#"{"name":"w","on":{"hook":"h"},"steps":[]}"#, "w.json:1:39: steps must hold at least one step"),
    (#"{"name":"w","on":{},"steps":[{"id":"a","set":{}}]}"#, "w.json:1:18: on.hook is missing"),
    (
      #"{"name":"w","on":{"hook":"h","order":"steps.a"},"steps":[{"id":"a","set":{}}]}"#,
      #"w.json:1:38: no such name "steps" (column 1 of the expression)"#
    ),
    (
      #"{"name":"w","on":{"hook":"h","debounce":{"key":"event.id"}},"steps":[{"id":"a","set":{}}]}"#,
      "w.json:1:41: on.debounce.for is missing"
    ),
    (
      #"{"name":"w","on":{"hook":"h","debounce":{"for":"9s","max":"8s"}},"steps":[{"id":"a","set":{}}]}"#,
      "w.json:1:59: on.debounce.max must not be shorter than for"
    ),
    (
      #"{"name":"w","on":{"hook":"h","throttle":{"limit":0,"per":"1s"}},"steps":[{"id":"a","set":{}}]}"#,
      "w.json:1:50: on.throttle.limit must be a whole number from 1 to 1000, not 0"
    ),
    (
      #"{"name":"w","on":{"hook":"h","throttle":{"limit":1,"per":"1s"},"debounce":{"for":"1s"}},"steps":[{"id":"a","set":{}}]}"#,
      "w.json:1:41: on.throttle cannot stand beside debounce: one workflow has one of them"
    ),
    (
      #"{"name":"w","concurrency":{},"steps":[{"id":"a","set":{}}]}"#,
      "w.json:1:27: concurrency.limit is missing"
    ),
    (
      #"{"name":"w","concurrency":{"limit":0},"steps":[{"id":"a","set":{}}]}"#,
      "w.json:1:36: concurrency.limit must be a whole number from 1 to 1000, not 0"
    ),
    (
      #"{"name":"w","on":{"hook":"h","if":"steps.a"},"steps":[{"id":"a","set":{}}]}"#,
      #"w.json:1:35: no such name "steps" (column 1 of the expression)"#
    ),
    (
      #"{"name":"w","on":{"hook":"h"},"steps":[{"id":"a","set":{}}],"stpes":1}"#,
      #"w.json:1:61: unknown key "stpes"; did you mean "steps"?"#
    ),
    (#"{"name":"w","steps":[5]}"#, "w.json:1:22: the step must be a mapping, not a number"),
    (#"{"name":"w","steps":[{"id":"a","set":{}}],}"#, "w.json:1:43: expected a member name in double quotes"),
    (#"{"name":"w","name":"v","steps":[]}"#, #"w.json:1:13: the member "name" appears twice"#),
    ("[]", "w.json:1:1: the file must be a mapping, not a list"),
  ])
  func `a mistake of the document is reported with its place`(document: String, expected: String) {
    #expect(complaints(document).first == expected)
  }

  @Test func `all mistakes are reported at once with their places`() {
    let document = """
      {
        "name": "w",
        "on": { "hook": "h", "fi": "true" },
        "steps": [
          { "id": "a", "set": { "x": "{{ vars }}" }, "if": "1 +" },
          { "id": "b", "http": { "url": "https://x.example/", "jsn": {} }, "timeout": 5 }
        ]
      }
      """
    #expect(
      complaints(document) == [
        "w.json:3:24: unknown key \"fi\" in on; did you mean \"if\"?",
        "w.json:5:54: expected a value, found the end (column 4 of \"1 +\")",
        "w.json:6:57: unknown key \"jsn\" in step b.http; did you mean \"json\"?",
        "w.json:6:81: step b.timeout must be a duration such as 30s (ms, s, m, h, d), not 5",
      ])
  }

  @Test func `a step of onFailure may bear the id of another and sees failure and the steps`() {
    let found = complaints(
      #"""
      {"name":"w","steps":[{"id":"a","set":{}}],"onFailure":[{"id":"a","set":{"x":"{{ failure.code }}{{ steps.a.y }}"}},
       {"id":"a","set":{}}]}
      """#)
    #expect(found == ["w.json:2:8: step a.id is already that of the step in line 1"])
  }

  @Test func `a step inside another may not hide one before it, and may bear the id of one behind`() {
    let found = complaints(
      #"""
      {"name":"w","steps":[{"id":"a","set":{}},
       {"id":"each","forEach":{"in":"[1]","steps":[{"id":"a","set":{}},{"id":"z","set":{}}]}},
       {"id":"z","set":{"x":"{{ steps.each }}","y":"{{ item }}"}}]}
      """#)
    #expect(
      found == [
        "w.json:2:52: step a.id is already that of a step before the one around it",
        #"w.json:3:46: no such name "item" (column 4 of the expression)"#,
      ])
  }

  @Test func `a list of more than a thousand steps is refused at the first too many`() {
    let steps = (0...1000).map { "{\"id\":\"s\($0)\",\"set\":{}}" }
    #expect(
      complaints("{\"name\":\"w\",\"steps\":[\(steps.joined(separator: ",\n"))]}") == [
        "w.json:1001:1: more than 1000 steps"
      ])
  }

  @Test func `a hook that is waited on has to be configured`() {
    let text = #"""
      {"name":"x","steps":[{"id":"a","wait":{"event":{"hook":"paymnts","key":"1","equals":"1"}}}]}
      """#
    let diagnostics = Diagnostics(file: "x.json")
    #expect(Workflow(document: Array(text.utf8), hooks: ["payments"], diagnostics) == nil)
    #expect(
      diagnostics.all.map(\.message) == [
        #"step a.wait.event.hook is none of the configuration's hooks; did you mean "payments"?"#
      ])
  }
}
