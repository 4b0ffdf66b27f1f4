import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// Steps that hold steps: `switch` and `forEach`, through failures, crashes and retries.
@Suite struct BlocksTests {
  private func document(_ steps: String, onFailure: String = "[]") -> String {
    #"{"name":"sample","on":{"hook":"inbox"},"steps":\#(steps),"onFailure":\#(onFailure)}"#
  }

  private func urls(_ bench: EngineBench) -> [String] { bench.transport.open.map(\.request.url) }

  /// Answers the newest request: older ones may be of a process that died.
  private func answer(_ status: Int, _ bench: EngineBench) {
    bench.transport.answer(status, number: bench.transport.sent.count - 1)
    bench.settle()
  }

  // MARK: switch

  private var routes: String {
    document(
      """
      [{"id":"route","switch":[
         {"if":"event.body.kind == 'a'","steps":[{"id":"pick","set":{"to":"first"}},
            {"id":"call","http":{"url":"https://x.example/{{ steps.pick.to }}"}}]},
         {"steps":[{"id":"other","set":{"to":"else"}}]}]},
       {"id":"after","set":{"seen":"{{ steps.route }}"}}]
      """)
  }

  @Test func `the first branch that is wanted runs, and the step is what its last step came to`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(routes, event: #"{"kind":"a"}"#)
    #expect(urls(bench) == ["https://x.example/first"])
    #expect(bench.transport.open.first?.header("Idempotency-Key") == "\(bench.id(key)):route/0/call")
    answer(204, bench)
    #expect(
      try bench.story(key) == [
        #"route succeeded {"status":204,"headers":{},"body":null}"#,
        #"route/0/pick succeeded {"to":"first"}"#,
        #"route/0/call succeeded {"status":204,"headers":{},"body":null}"#,
        #"after succeeded {"seen":{"status":204,"headers":{},"body":null}}"#,
      ])
    #expect(try bench.execution(key).status == .succeeded)
  }

  @Test func `the last branch needs no condition`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(routes, event: #"{"kind":"b"}"#)
    #expect(
      try bench.story(key) == [
        #"route succeeded {"to":"else"}"#, #"route/1/other succeeded {"to":"else"}"#,
        #"after succeeded {"seen":{"to":"else"}}"#,
      ])
  }

  @Test func `no branch that is wanted makes the step null`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(#"[{"id":"route","switch":[{"if":"false","steps":[{"id":"a","set":{}}]}]}]"#))
    #expect(try bench.story(key) == ["route succeeded"])
  }

  @Test func `a branch that was chosen stays chosen through a crash`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"route","switch":[{"if":"event.body.kind == 'a'","steps":[
            {"id":"one","http":{"url":"https://x.example/1"}},
            {"id":"pause","wait":"1h"},
            {"id":"two","http":{"url":"https://x.example/2?was={{ steps.one.status }}"}}]}]}]
        """), event: #"{"kind":"a"}"#)
    answer(200, bench)
    #expect(try bench.execution(key).status == .waiting)
    #expect(try bench.journal(key).map(\.status) == [.running, .succeeded, .waiting])
    try bench.crash()
    bench.pass(.seconds(3600))
    #expect(urls(bench) == ["https://x.example/2?was=200"])
    try bench.crash()
    #expect(urls(bench).last == "https://x.example/2?was=200")
    answer(200, bench)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.journal(key).map(\.status) == [.succeeded, .succeeded, .succeeded, .succeeded])
  }

  // MARK: forEach

  private var loop: String {
    document(
      """
      [{"id":"before","set":{"mark":"m"}},
       {"id":"each","forEach":{"in":"event.body.items","as":"item","steps":[
         {"id":"label","set":{"text":"{{ steps.before.mark }}-{{ item.id }}"}},
         {"id":"send","http":{"method":"POST","url":"https://x.example/{{ item.id }}","json":"{{ steps.label.text }}"}}]}},
       {"id":"after","set":{"count":"{{ size(steps.each) }}","last":"{{ steps.each[1].status }}"}}]
      """)
  }

  @Test func `a loop runs its steps for each element in order, and gives the list of what came of them`()
    throws
  {
    let bench = try EngineBench()
    let key = try bench.accept(loop, event: #"{"items":[{"id":"a"},{"id":"b"}]}"#)
    #expect(urls(bench) == ["https://x.example/a"])
    #expect(bench.transport.open.first?.header("Idempotency-Key") == "\(bench.id(key)):each[0]/send")
    answer(200, bench)
    #expect(urls(bench) == ["https://x.example/b"])
    #expect(bench.transport.open.first?.body == #""m-b""#)
    answer(201, bench)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(
      try bench.story(key).map { String($0.prefix(48)) } == [
        #"before succeeded {"mark":"m"}"#,
        #"each succeeded [{"status":200,"headers":{},"body"#,
        #"each[0]/label succeeded {"text":"m-a"}"#,
        #"each[0]/send succeeded {"status":200,"headers":{"#,
        #"each[1]/label succeeded {"text":"m-b"}"#,
        #"each[1]/send succeeded {"status":201,"headers":{"#,
        #"after succeeded {"count":2,"last":201}"#,
      ])
  }

  @Test(arguments: [("[]", "[]"), (#"[1]"#, "[1]"), (#"{"a":1}"#, nil), ("null", nil)])
  func `what is no list fails the loop, an empty one is an empty list`(items: String, output: String?) throws
  {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        #"[{"id":"each","forEach":{"in":"event.body.items","steps":[{"id":"a","set":{"x":"{{ item }}"}}]}},{"id":"n","set":{"all":"{{ steps.each.map(e, e.x) }}"}}]"#
      ), event: #"{"items":\#(items)}"#)
    let record = try bench.execution(key)
    if let output {
      #expect(record.status == .succeeded)
      #expect(try bench.story(key).last == #"n succeeded {"all":\#(output)}"#)
    } else {
      #expect(record.failure?.code == "bad_value")
      #expect(record.failure?.message.contains("expected a list") == true)
    }
  }

  @Test func `a crash in the middle of a loop runs no finished turn again, and the list is whole`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(loop, event: #"{"items":[{"id":"a"},{"id":"b"},{"id":"c"}]}"#)
    answer(200, bench)
    answer(201, bench)
    try bench.crash()
    #expect(urls(bench).last == "https://x.example/c")
    #expect(bench.transport.open.last?.body == #""m-c""#)
    answer(202, bench)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"after succeeded {"count":3,"last":201}"#)
  }

  @Test func `a failed turn ends the execution, and a retry goes on within it`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(loop, event: #"{"items":[{"id":"a"},{"id":"b"},{"id":"c"}]}"#)
    answer(200, bench)
    answer(400, bench)
    let failed = try bench.execution(key)
    #expect(failed.status == .failed)
    #expect(failed.failure?.step == "each[1]/send")
    #expect(
      try bench.journal(key).map(\.status) == [
        .succeeded, .failed, .succeeded, .succeeded, .succeeded, .failed,
      ])
    _ = try bench.store.perform(RetryExecution(execution: key, now: bench.time.now()))
    bench.settle()
    #expect(urls(bench).last == "https://x.example/b")
    answer(201, bench)
    answer(202, bench)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"after succeeded {"count":3,"last":201}"#)
  }

  @Test func `a retry on a version that has no such place fails and says so`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(loop, event: #"{"items":[{"id":"a"},{"id":"b"}]}"#)
    answer(400, bench)
    #expect(try bench.execution(key).failure?.step == "each[0]/send")
    let other = try bench.register(document(#"[{"id":"only","set":{}}]"#))
    _ = try bench.store.perform(
      RetryExecution(execution: key, version: .other(other), now: bench.time.now()))
    bench.settle()
    let record = try bench.execution(key)
    #expect(record.status == .failed)
    #expect(record.failure?.code == "document")
    #expect(bench.transport.open.isEmpty)
  }

  @Test func `a failure is taken by the step around it that goes on`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"each","continueOnError":true,"forEach":{"in":"[1, 2]","as":"n","steps":[
            {"id":"call","http":{"url":"https://x.example/{{ n }}"}}]}},
         {"id":"after","set":{"code":"{{ steps.each.error.status }}"}}]
        """))
    answer(404, bench)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"after succeeded {"code":404}"#)
    #expect(bench.transport.open.isEmpty)
  }

  @Test func `onFailure goes on through a crash after a failure deep inside, and a retry finds its place`()
    throws
  {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"each","forEach":{"in":"['a', 'b']","as":"n","steps":[
           {"id":"route","switch":[{"if":"n == 'b'","steps":[{"id":"call","http":{"url":"https://x.example/{{ n }}"}}]}]}]}}]
        """,
        onFailure:
          #"[{"id":"tell","http":{"url":"https://x.example/tell?step={{ failure.step }}"}},{"id":"more","http":{"url":"https://x.example/more"}}]"#
      ))
    answer(400, bench)
    #expect(urls(bench) == ["https://x.example/tell?step=each%5B1%5D%2Froute%2F0%2Fcall"])
    answer(200, bench)
    try bench.crash()
    answer(200, bench)
    #expect(try bench.execution(key).status == .failed)
    _ = try bench.store.perform(RetryExecution(execution: key, now: bench.time.now()))
    bench.settle()
    #expect(urls(bench).last == "https://x.example/b")
  }

  // MARK: Many

  @Test func `a loop of many steps without an effect is recorded in stages, and goes on after a crash`()
    throws
  {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"each","forEach":{"in":"event.body","as":"n","steps":[{"id":"a","set":{"n":"{{ n }}"}}]}},
         {"id":"sum","set":{"size":"{{ size(steps.each) }}","last":"{{ steps.each[2499].n }}","first":"{{ steps.each[0].n }}"}}]
        """), event: "[" + (0..<2500).map(String.init).joined(separator: ",") + "]")
    try bench.crash()
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"sum succeeded {"size":2500,"last":2499,"first":0}"#)
    #expect(try bench.journal(key).count == 2502)
  }

  @Test func `loops in loops end where an execution has done all the steps that one may`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"outer","continueOnError":true,"forEach":{"in":"event.body","as":"a","steps":[
           {"id":"inner","continueOnError":true,"forEach":{"in":"event.body","as":"b","steps":[
              {"id":"x","continueOnError":true,"set":{}}]}}]}}]
        """), event: "[" + [String](repeating: "1", count: 400).joined(separator: ",") + "]")
    for _ in 0..<20 { bench.settle() }
    let record = try bench.execution(key)
    #expect(record.status == .failed)
    #expect(record.failure?.code == "too_many_steps")
  }

  @Test func `steps nest 32 deep, and no deeper`() throws {
    func nested(_ depth: Int) -> String {
      var steps = #"[{"id":"s\#(depth)","http":{"url":"https://x.example/{{ n1 }}"}}]"#
      for level in stride(from: depth - 1, through: 1, by: -1) {
        steps = #"[{"id":"s\#(level)","forEach":{"in":"[\#(level)]","as":"n\#(level)","steps":\#(steps)}}]"#
      }
      return document(steps)
    }
    let bench = try EngineBench()
    let key = try bench.accept(nested(32))
    #expect(urls(bench) == ["https://x.example/1"])
    try bench.crash()
    answer(200, bench)
    #expect(try bench.execution(key).status == .succeeded)
    let deeper = try bench.accept(nested(33))
    #expect(try bench.execution(deeper).failure?.message.contains("32 steps deep") == true)
  }
}
