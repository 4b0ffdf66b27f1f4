import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// Each verb, from acceptance to the journal.
@Suite struct StepsTests {
  private let once =
    #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"send","http":{"method":"POST","url":"https://x.example/in","json":{"a":1}}}]}"#

  private func document(_ steps: String, onFailure: String = "[]", retry: String? = nil) -> String {
    let retry = retry.map { #""retry":\#($0),"# } ?? ""
    return #"{"name":"sample","on":{"hook":"inbox"},\#(retry)"steps":\#(steps),"onFailure":\#(onFailure)}"#
  }

  @Test func `one request is sent, and its answer is the step's output`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(once)
    #expect(try bench.execution(key).status == .running)
    let sent = try #require(bench.transport.open.first)
    #expect(sent.request.method == "POST")
    #expect(sent.request.url == "https://x.example/in")
    #expect(sent.body == #"{"a":1}"#)
    #expect(sent.header("Idempotency-Key") == "\(bench.id(key)):send")
    #expect(sent.request.hostIsLiteral)
    #expect(sent.request.timeout == .seconds(30))
    bench.transport.answer(201, [("Content-Type", "application/json"), ("X-A", "b")], #"{"id":7}"#)
    bench.settle()
    let record = try bench.execution(key)
    #expect(record.status == .succeeded)
    #expect(record.totalAttempts == 1)
    #expect(
      try bench.story(key) == [
        #"send succeeded {"status":201,"headers":{"content-type":"application/json","x-a":"b"},"body":{"id":7}}"#
      ])
    let attempt = try #require(try bench.journal(key).first?.last)
    #expect(attempt.number == 1 && attempt.status == 201)
    #expect(bench.store.permits.available == 256)
  }

  @Test func `values of the event and of former steps are put where they are asked for`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"pick","set":{"name":"{{ event.body.name }}","region":"{{ vars.region }}"}},
         {"id":"ask","http":{"url":"https://x.example/{{ steps.pick.name }}"}},
         {"id":"tell","if":"steps.ask.status == 200","http":{"method":"PUT","url":"https://x.example/out",
           "json":{"who":"{{ steps.ask.body.who }}","from":"{{ execution.id }}"}}}]
        """), event: #"{"name":"ada"}"#)
    #expect(bench.transport.open.map(\.request.url) == ["https://x.example/ada"])
    bench.transport.answer(200, [("Content-Type", "application/json")], #"{"who":"lovelace"}"#)
    bench.settle()
    let second = try #require(bench.transport.open.first)
    #expect(second.body == #"{"who":"lovelace","from":"\#(bench.id(key))"}"#)
    #expect(second.header("Idempotency-Key") == "\(bench.id(key)):tell")
    bench.transport.answer(204)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
    #expect(
      try bench.story(key) == [
        #"pick succeeded {"name":"ada","region":"eu"}"#,
        #"ask succeeded {"status":200,"headers":{"content-type":"application/json"},"body":{"who":"lovelace"}}"#,
        #"tell succeeded {"status":204,"headers":{},"body":null}"#,
      ])
  }

  @Test func `a mapping is a step without an effect, and its object is in scope`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"fields","map":[
           {"to":"who.Email","from":"event.body.email","transforms":["trim","lower"],"required":true},
           {"to":"who.tags","from":"event.body.tags","default":[]}]},
         {"id":"tell","http":{"method":"POST","url":"https://x.example/","json":"{{ steps.fields.who }}"}}]
        """), event: #"{"email":" Ada@X.org "}"#)
    let sent = try #require(bench.transport.open.first)
    #expect(sent.body == #"{"Email":"ada@x.org","tags":[]}"#)
    bench.transport.answer(204)
    bench.settle()
    #expect(try bench.story(key).first == #"fields succeeded {"who":{"Email":"ada@x.org","tags":[]}}"#)
  }

  @Test func `a mapping without a value that it requires fails the step`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(#"[{"id":"fields","map":[{"to":"a","from":"event.body.none","required":true}]}]"#), event: "{}"
    )
    let execution = try bench.execution(key)
    #expect(execution.status == .failed)
    #expect(execution.failure?.code == "bad_value")
    #expect(execution.failure?.message == "map: a: required, and there is no value at event.body.none")
  }

  @Test func `a step whose condition is false is skipped, and its value is null`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"a","if":"event.body.go","http":{"url":"https://x.example/"}},
         {"id":"b","set":{"none":"{{ steps.a }}"}}]
        """), event: #"{"go":false}"#)
    #expect(bench.transport.sent.isEmpty)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key) == ["a skipped", #"b succeeded {"none":null}"#])
  }

  @Test func `an error in a condition fails the step`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(#"[{"id":"a","if":"event.body.missing.deep","set":{}}]"#))
    let record = try bench.execution(key)
    #expect(record.status == .failed)
    #expect(record.failure?.code == "expression")
    #expect(record.failure?.step == "a")
  }

  @Test func `stop ends well, and nothing follows`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        #"[{"id":"a","if":"true","stop":"done with {{ event.body.n }}"},{"id":"b","http":{"url":"https://x.example/"}}]"#
      ),
      event: #"{"n":3}"#)
    #expect(bench.transport.sent.isEmpty)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key) == [#"a succeeded "done with 3""#])
  }

  @Test func `fail ends badly, with its message`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(#"[{"id":"a","fail":"no stock of {{ event.body.n }}"}]"#), event: #"{"n":3}"#)
    let record = try bench.execution(key)
    #expect(record.status == .failed)
    #expect(record.failure == Failure(step: "a", code: "fail", message: "no stock of 3"))
    #expect(record.isDeadLetter)
  }

  @Test func `what fails for good runs onFailure, with the failure in scope, and stays failed`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        #"[{"id":"a","http":{"url":"https://x.example/a"}},{"id":"b","http":{"url":"https://x.example/b"}}]"#,
        onFailure: """
          [{"id":"tell","http":{"method":"POST","url":"https://ops.example/","json":
            {"step":"{{ failure.step }}","code":"{{ failure.code }}","status":"{{ failure.status }}"}}}]
          """))
    bench.transport.answer(404)
    bench.settle()
    let told = try #require(bench.transport.open.first)
    #expect(told.body == #"{"step":"a","code":"http_status","status":404}"#)
    #expect(told.header("Idempotency-Key") == "\(bench.id(key)):onFailure/tell")
    bench.transport.answer(200)
    bench.settle()
    let record = try bench.execution(key)
    #expect(record.status == .failed)
    #expect(record.failure?.step == "a")
    #expect(record.resumeAt == .start)
    #expect(bench.transport.sent.count == 2)
  }

  @Test func `a failure of onFailure is recorded, and the execution fails for its own reason`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        #"[{"id":"a","fail":"first"}]"#, onFailure: #"[{"id":"tell","http":{"url":"https://ops.example/"}}]"#)
    )
    bench.transport.answer(400)
    bench.settle()
    let record = try bench.execution(key)
    #expect(record.status == .failed)
    #expect(record.failure?.message == "first")
    #expect(try bench.story(key) == ["a failed", "onFailure/tell failed"])
  }

  @Test func `continueOnError makes the failure a value, and the walk goes on`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"a","continueOnError":true,"http":{"url":"https://x.example/"}},
         {"id":"b","set":{"code":"{{ steps.a.error.code }}","status":"{{ steps.a.error.status }}"}}]
        """))
    bench.transport.answer(410)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
    #expect(
      try bench.story(key) == [
        #"a failed {"error":{"code":"http_status","message":"the destination answered 410","status":410}}"#,
        #"b succeeded {"code":"http_status","status":410}"#,
      ])
  }

  @Test func `a wait holds nothing in memory and ends at its instant`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(#"[{"id":"a","wait":"2h"},{"id":"b","http":{"url":"https://x.example/"}}]"#))
    #expect(try bench.execution(key).status == .waiting)
    #expect(bench.store.permits.available == 256)
    bench.pass(.seconds(7199))
    #expect(bench.transport.sent.isEmpty)
    #expect(bench.sleep())
    #expect(bench.transport.open.count == 1)
    bench.transport.answer(200)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
  }

  @Test func `a wait that is over when the relay starts again is not begun anew`() throws {
    let bench = try EngineBench()
    _ = try bench.accept(
      document(#"[{"id":"a","wait":"2h"},{"id":"b","http":{"url":"https://x.example/"}}]"#))
    bench.time.advance(by: .seconds(3600))
    try bench.crash()
    #expect(bench.transport.sent.isEmpty)
    bench.pass(.seconds(3601))
    #expect(bench.transport.open.count == 1)
  }

  @Test func `a wait until an instant ends then, over a restart`() throws {
    let bench = try EngineBench()
    let until = bench.time.now() + .seconds(7200)
    let key = try bench.accept(
      document(
        #"[{"id":"a","wait":{"until":"{{ event.body.at }}"}},{"id":"b","http":{"url":"https://x.example/"}}]"#
      ),
      event: #"{"at":"\#(until.rfc3339)"}"#)
    #expect(try bench.execution(key).due == until)
    bench.time.advance(by: .seconds(3600))
    try bench.crash()
    #expect(bench.transport.sent.isEmpty)
    bench.pass(.seconds(3599))
    #expect(bench.transport.sent.isEmpty)
    bench.pass(.seconds(1))
    #expect(bench.transport.open.count == 1)
  }

  @Test func `a wait until an instant that is past is over at once`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(#"[{"id":"a","wait":{"until":1000}},{"id":"b","wait":{"until":"{{ event.received_at }}"}}]"#))
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key) == ["a succeeded", "b succeeded"])
  }

  @Test func `a wait until what is no instant fails the step`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(#"[{"id":"a","wait":{"until":"{{ event.body.at }}"}}]"#))
    #expect(try bench.execution(key).failure?.code == "bad_value")
  }

  @Test func `forward passes the event on as it came`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(#"[{"id":"a","forward":{"url":"https://x.example/in"}}]"#), body: [0, 1, 0xFF],
      headers: [("X-Kind", "order"), ("Authorization", "Bearer of the sender")])
    let sent = try #require(bench.transport.open.first)
    #expect(sent.request.body == [0, 1, 0xFF])
    #expect(sent.request.method == "POST")
    #expect(sent.header("X-Kind") == "order")
    #expect(sent.header("Authorization") == nil)
    #expect(sent.header("Idempotency-Key") == "\(bench.id(key)):a")
    bench.transport.answer(200)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
  }

  @Test func `steps without an effect need no commit of their own`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"a","set":{"x":1}},{"id":"b","http":{"url":"https://x.example/"}},
         {"id":"c","set":{"y":"{{ steps.a.x }}"}},{"id":"d","set":{"z":"{{ steps.c.y }}"}}]
        """))
    #expect(try bench.journal(key).isEmpty)
    bench.transport.answer(200)
    bench.core.run()
    bench.store.pump()
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"d succeeded {"z":1}"#)
  }
}
