import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// Branches and turns under way side by side, through failures, waits, crashes, cancels and retries.
@Suite struct StrandsTests {
  private func document(_ steps: String, onFailure: String = "[]") -> String {
    #"{"name":"sample","on":{"hook":"inbox"},"steps":\#(steps),"onFailure":\#(onFailure)}"#
  }

  private func call(_ id: String, _ path: String, _ more: String = "") -> String {
    #"{"id":"\#(id)","http":{"url":"https://x.example/\#(path)"}\#(more)}"#
  }

  private func urls(_ bench: EngineBench) -> [String] {
    bench.transport.open.map { String($0.request.url.dropFirst(18)) }
  }

  /// Answers the newest open request of a path.
  private func answer(_ path: String, _ status: Int, _ bench: EngineBench) throws {
    let asking = bench.transport.open.last { $0.request.url == "https://x.example/\(path)" }
    let sent = try #require(asking, "nothing asks for \(path)")
    bench.transport.answer(status, number: Int(sent.token.number))
    bench.settle()
  }

  private func isSound(_ bench: EngineBench) throws {
    let report = try bench.store.read { (snapshot) throws(StoreError) in try Checker.check(snapshot) }
    #expect(report.findings.isEmpty, "\(report.findings)")
  }

  private func retry(_ key: RecordKey, _ bench: EngineBench) throws {
    #expect(
      try bench.store.perform(RetryExecution(execution: key, now: bench.time.now())) == .retried(key))
    bench.settle()
  }

  private var two: String {
    document(
      """
      [{"id":"fan","parallel":{
         "left":[\(call("a", "a")),\(call("b", "b?was={{ steps.a.status }}"))],
         "right":[\(call("a", "c"))]}},
       {"id":"after","set":{"left":"{{ steps.fan.left.status }}","right":"{{ steps.fan.right.status }}"}}]
      """)
  }

  // MARK: Side by side

  @Test func `branches are under way at once, each with the key of its own step`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(two)
    #expect(urls(bench) == ["a", "c"])
    #expect(
      bench.transport.open.map { $0.header("Idempotency-Key") } == [
        "\(bench.id(key)):fan/left/a", "\(bench.id(key)):fan/right/a",
      ])
    #expect(try bench.execution(key).status == .waiting)
    #expect(try bench.execution(key).dueAt == nil)
    try isSound(bench)
    try answer("c", 201, bench)
    try answer("a", 202, bench)
    try answer("b?was=202", 203, bench)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"after succeeded {"left":203,"right":201}"#)
    #expect(
      try bench.journal(key).map(\.name) == ["fan", "fan/left/a", "fan/left/b", "fan/right/a", "after"])
    #expect(try bench.execution(key).totalAttempts >= 3)
    try isSound(bench)
  }

  @Test func `an end of a branch survives a crash, and is not run again`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(two)
    try answer("c", 201, bench)
    try bench.crash()
    #expect(urls(bench).suffix(1) == ["a"])
    #expect(bench.transport.sent.filter { $0.request.url.hasSuffix("/c") }.count == 1)
    try answer("a", 202, bench)
    try bench.crash()
    try answer("b?was=202", 203, bench)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(bench.transport.sent.filter { $0.request.url.hasSuffix("/a") }.count == 2)
    try isSound(bench)
  }

  @Test func `one permit is enough for branches in branches`() throws {
    let bench = try EngineBench(executions: 1)
    let key = try bench.accept(
      document(
        """
        [{"id":"out","parallel":{
           "x":[{"id":"in","parallel":{"p":[\(call("a", "1"))],"q":[\(call("a", "2"))]}}],
           "y":[\(call("a", "3"))]}}]
        """))
    for _ in 0..<3 {
      #expect(urls(bench).count == 1)
      try answer(try #require(urls(bench).first), 200, bench)
    }
    #expect(try bench.execution(key).status == .succeeded)
    #expect(bench.store.permits.available == 1)
    try isSound(bench)
  }

  @Test func `branches nest as deep as documents do`() throws {
    var inner = call("a", "deep")
    for level in 0..<31 {
      inner = #"{"id":"s\#(level)","parallel":{"x":[\#(inner)],"y":[\#(call("b", "side\(level)"))]}}"#
    }
    let bench = try EngineBench()
    let key = try bench.accept(document("[\(inner)]"))
    for _ in 0..<400 where try bench.execution(key).status != .succeeded {
      if let next = urls(bench).first { try answer(next, 200, bench) } else { bench.settle() }
    }
    #expect(try bench.execution(key).status == .succeeded)
    #expect(bench.transport.sent.count == 32)
    try isSound(bench)
  }

  @Test func `waits in branches hold no memory and run at once`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"fan","parallel":{
           "x":[{"id":"rest","wait":"1h"},\(call("a", "x"))],
           "y":[{"id":"rest","wait":"1h"},\(call("a", "y"))]}}]
        """))
    #expect(bench.core.metrics.current.running == 0)
    try bench.crash()
    bench.pass(.seconds(3601))
    #expect(Set(urls(bench)) == ["x", "y"])
    try answer("x", 200, bench)
    try answer("y", 200, bench)
    #expect(try bench.execution(key).status == .succeeded)
  }

  // MARK: Turns

  private func loop(_ concurrency: Int, _ inner: String) -> String {
    document(
      """
      [{"id":"each","forEach":{"in":"event.body.items","concurrency":\(concurrency),"steps":[\(inner)]}},
       {"id":"after","set":{"all":"{{ steps.each.map(e, e.status) }}"}}]
      """)
  }

  @Test func `no more turns are under way than wanted, and the output keeps the order of the list`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(loop(2, call("a", "{{ item }}")), event: #"{"items":[0,1,2,3,4]}"#)
    #expect(urls(bench) == ["0", "1"])
    try answer("1", 201, bench)
    #expect(urls(bench) == ["0", "2"])
    try answer("2", 202, bench)
    try answer("3", 203, bench)
    try answer("0", 200, bench)
    try isSound(bench)
    try answer("4", 204, bench)
    #expect(try bench.story(key).last == #"after succeeded {"all":[200,201,202,203,204]}"#)
    #expect(bench.transport.sent.last?.header("Idempotency-Key") == "\(bench.id(key)):each[4]/a")
    try isSound(bench)
  }

  @Test(arguments: [CommitFate.crashBefore, .crashAfter])
  func `turns go on after a crash at any commit`(fate: CommitFate) throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      loop(3, #"{"id":"l","set":{"n":"{{ item }}"}},"# + call("a", "{{ steps.l.n }}")),
      event: #"{"items":[0,1,2,3,4,5,6,7]}"#)
    for round in 0..<60 where try bench.execution(key).status != .succeeded {
      // Those of a process that died are open for ever; each path's latest counts.
      for path in Set(urls(bench)) {
        let asking = bench.transport.open.last { $0.request.url.hasSuffix("/\(path)") }
        if let asking { bench.transport.answer(200, number: Int(asking.token.number)) }
      }
      // A commit that is lost each time would be the step's own fault.
      if fate == .crashBefore, round % 4 != 0 {
        bench.settle()
      } else {
        bench.core.run()
        try bench.crash(fate)
      }
      try isSound(bench)
      if try bench.execution(key).status == .failed { break }
      bench.pass(.seconds(1))
    }
    #expect(try bench.execution(key).status == .succeeded)
    #expect(
      try bench.story(key).last == #"after succeeded {"all":[200,200,200,200,200,200,200,200]}"#)
    #expect(Set(bench.transport.sent.map { $0.header("Idempotency-Key") }).count == 8)
  }

  // MARK: Failures

  @Test func `a failure lets what is under way end, begins nothing more, and is the first in the document`()
    throws
  {
    let bench = try EngineBench()
    let key = try bench.accept(loop(3, call("a", "{{ item }}")), event: #"{"items":[0,1,2,3,4]}"#)
    try answer("2", 404, bench)
    try answer("0", 404, bench)
    #expect(try bench.execution(key).status == .waiting)
    #expect(urls(bench) == ["1"])
    try answer("1", 200, bench)
    #expect(try bench.execution(key).status == .failed)
    #expect(try bench.execution(key).failure?.step == "each[0]/a")
    #expect(bench.transport.sent.count == 3)
    try isSound(bench)

    try retry(key, bench)
    #expect(Set(urls(bench)) == ["0", "2", "3"])
    try isSound(bench)
    try answer("0", 200, bench)
    try answer("2", 202, bench)
    try answer("3", 203, bench)
    try answer("4", 204, bench)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"after succeeded {"all":[200,200,202,203,204]}"#)
    #expect(bench.transport.sent.filter { $0.request.url.hasSuffix("/1") }.count == 1)
    #expect(try bench.attempts(key).filter { $0.status == 404 }.count == 2)
    try isSound(bench)
  }

  @Test func `a retry goes on inside branches of branches, where each stood`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"out","parallel":{
           "x":[\(call("first", "first")),{"id":"in","parallel":{"p":[\(call("a", "1")),\(call("b", "2"))],"q":[\(call("a", "3"))]}}],
           "y":[\(call("a", "4"))]}}]
        """, onFailure: "[\(call("tell", "tell?of={{ size(failure.step) }}"))]"))
    for path in ["first", "4", "1", "3"] { try answer(path, 200, bench) }
    try answer("2", 400, bench)
    try answer("tell?of=12", 200, bench)
    #expect(try bench.execution(key).status == .failed)
    try isSound(bench)
    try bench.crash()
    try retry(key, bench)
    #expect(urls(bench).last == "2")
    #expect(bench.transport.open.last?.header("Idempotency-Key") == "\(bench.id(key)):out/x/in/p/b")
    try answer("2", 200, bench)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(bench.transport.sent.count == 7)
    try isSound(bench)
  }

  @Test func `continueOnError around branches gives up what had failed inside`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"fan","continueOnError":true,"parallel":{"x":[\(call("a", "x"))],"y":[\(call("a", "y"))]}},
         {"id":"after","set":{"code":"{{ steps.fan.error.code }}"}}]
        """))
    try answer("y", 400, bench)
    try answer("x", 200, bench)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"after succeeded {"code":"http_status"}"#)
    #expect(try !bench.execution(key).forks)
    try isSound(bench)
  }

  @Test func `a stop in a branch ends the execution well once the others are over`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"fan","parallel":{"x":[{"id":"end","stop":"enough"}],"y":[\(call("a", "y"))]}},
         \(call("never", "never"))]
        """))
    #expect(urls(bench) == ["y"])
    try answer("y", 200, bench)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(urls(bench).isEmpty)
    try isSound(bench)
  }

  @Test func `a backoff in a branch keeps its request, and is the branch's alone`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(two)
    try answer("a", 503, bench)
    try answer("c", 200, bench)
    try bench.crash()
    bench.pass(.seconds(5))
    try answer("a", 200, bench)
    try answer("b?was=200", 200, bench)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.attempts(key).map(\.status) == [503, 200, 200, 200])
  }

  @Test func `three deaths within a branch quarantine the execution, and name the step`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"fan","continueOnError":true,"parallel":{"x":[\(call("a", "x"))],"y":[\(call("a", "y"))]}}]
        """))
    try answer("y", 200, bench)
    for _ in 0..<3 {
      try bench.crash()
      bench.pass(.seconds(2))
    }
    #expect(try bench.execution(key).failure?.code == "poison")
    #expect(try bench.execution(key).failure?.step == "fan/x/a")
    try isSound(bench)
  }

  // MARK: Operators

  @Test func `a cancel ends the transfers of all branches, and a retry goes on with each`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(two)
    try answer("a", 200, bench)
    #expect(try bench.store.perform(Cancel(execution: key, now: bench.time.now())) == .cancelled)
    bench.settle()
    #expect(urls(bench).isEmpty)
    #expect(bench.core.metrics.current.running == 0)
    #expect(bench.store.permits.available == 256)
    try isSound(bench)
    try retry(key, bench)
    #expect(Set(urls(bench)) == ["b?was=200", "c"])
    try answer("c", 200, bench)
    try answer("b?was=200", 200, bench)
    #expect(try bench.execution(key).status == .succeeded)
    try isSound(bench)
  }

  @Test func `strands are in no list and no count, and go with their execution`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(two)
    try answer("c", 400, bench)
    let page = try bench.store.read { (snapshot) throws(StoreError) in
      try snapshot.executions(ExecutionFilter(), before: nil, limit: 10)
    }
    #expect(page.items.map(\.key) == [key])
    let counters = try bench.store.read { (snapshot) throws(StoreError) in try snapshot.counters() }
    #expect(counters.backlog == 1)
    try answer("a", 200, bench)
    try answer("b?was=200", 200, bench)
    #expect(try bench.execution(key).status == .failed)
    bench.pass(.seconds(3600))
    let retention = Retention(succeeded: .seconds(60), failed: .seconds(60), dedupe: .seconds(60))
    _ = try bench.store.perform(Sweep(now: bench.time.now(), retention: retention))
    try isSound(bench)
    let rest = try bench.store.read { (snapshot) throws(StoreError) in
      try snapshot.executions(ExecutionFilter(), before: nil, limit: 10).items.count
    }
    #expect(rest == 0)
  }

  @Test func `steps of all branches count for the one bound`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(two)
    try answer("a", 200, bench)
    try answer("c", 200, bench)
    #expect(try bench.execution(key).stepsDone == 2)
    try answer("b?was=200", 200, bench)
    #expect(try bench.execution(key).stepsDone == 5)
  }
}
