import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// Attempts: when they are made again, with what, and when no more.
@Suite struct RetriesTests {
  private let destination = Destination(scheme: .https, host: .name("x.example"), port: 443)

  private func document(retry: String = "{}", step: String = "", onFailure: String = "[]") -> String {
    """
    {"name":"sample","on":{"hook":"inbox"},"retry":\(retry),
     "steps":[{"id":"send",\(step)"http":{"method":"POST","url":"https://x.example/in",
       "json":{"n":"{{ event.body.n }}"}}}],"onFailure":\(onFailure)}
    """
  }

  @Test func `a failed attempt is made again after its backoff, as the very same request`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(), event: #"{"n":1.10}"#)
    bench.transport.answer(500, [("Content-Type", "text/plain")], "out of order")
    bench.settle()
    var record = try bench.execution(key)
    #expect(record.status == .waiting)
    #expect(record.reason == "trying again after: the destination answered 500")
    #expect(record.pinned)
    #expect(bench.store.permits.available == 256)
    bench.pass(.milliseconds(499))
    #expect(bench.transport.sent.count == 1)
    bench.pass(.milliseconds(1))
    #expect(bench.transport.sent.count == 2)
    let (first, second) = (bench.transport.sent[0], bench.transport.sent[1])
    #expect(first.body == #"{"n":1.10}"#)
    #expect(first.request.body == second.request.body)
    #expect(first.request.url == second.request.url)
    #expect(first.request.headers == second.request.headers)
    bench.transport.answer(200)
    bench.settle()
    record = try bench.execution(key)
    #expect(record.status == .succeeded)
    #expect(record.totalAttempts == 2)
    let failed = try #require(try bench.attempts(key).first)
    #expect(failed.number == 1 && failed.status == 500)
    #expect(failed.error?.code == "http_status")
    #expect(failed.response.map { String(decoding: $0, as: UTF8.self) }?.contains("out of order") == true)
    #expect(try bench.journal(key).first?.attempts == 2)
  }

  @Test func `the wait grows with each failure`() throws {
    let bench = try EngineBench()
    try bench.accept(document(), event: #"{"n":1}"#)
    for milliseconds in [500, 1000, 2000, 4000] {
      bench.transport.answer(503)
      bench.settle()
      let count = bench.transport.sent.count
      bench.pass(.milliseconds(milliseconds - 1))
      #expect(bench.transport.sent.count == count)
      bench.pass(.milliseconds(1))
      #expect(bench.transport.sent.count == count + 1)
    }
  }

  @Test func `Retry-After is kept, and uses up no attempt`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(retry: #"{"attempts":2}"#), event: #"{"n":1}"#)
    for _ in 0..<3 {
      bench.transport.answer(429, [("Retry-After", "120")])
      bench.settle()
      #expect(try bench.execution(key).status == .waiting)
      let count = bench.transport.sent.count
      bench.pass(.seconds(119))
      #expect(bench.transport.sent.count == count)
      bench.pass(.seconds(1))
      #expect(bench.transport.sent.count == count + 1)
    }
    bench.transport.answer(500)
    bench.settle()
    #expect(try bench.execution(key).status == .waiting)
    bench.sleep()
    bench.transport.answer(500)
    bench.settle()
    let record = try bench.execution(key)
    #expect(record.status == .failed)
    #expect(record.failure?.attempts == 2)
    #expect(bench.transport.sent.count == 5)
  }

  @Test func `a limit of attempts ends the step, which is then a dead letter`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(retry: #"{"attempts":3}"#), event: #"{"n":1}"#)
    for _ in 0..<2 {
      bench.transport.fail(.connect(destination, message: "refused"))
      bench.settle()
      bench.sleep()
    }
    bench.transport.fail(.connect(destination, message: "refused"))
    bench.settle()
    let record = try bench.execution(key)
    #expect(record.isDeadLetter)
    #expect(record.failure?.code == "connect_failed")
    #expect(record.failure?.attempts == 3)
    #expect(bench.core.nextDeadline == nil)
  }

  @Test func `the budget ends the step where the next attempt would begin too late`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(retry: #"{"for":"3s","jitter":"none"}"#), event: #"{"n":1}"#)
    bench.transport.answer(500)
    bench.settle()
    bench.sleep()
    bench.transport.answer(500)
    bench.settle()
    bench.sleep()
    #expect(bench.transport.sent.count == 3)
    bench.transport.answer(500)
    bench.settle()
    #expect(try bench.execution(key).status == .failed)
  }

  @Test(arguments: [400, 404, 422])
  func `a failure that would be the same again ends the step at once`(status: Int) throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(), event: #"{"n":1}"#)
    bench.transport.answer(status)
    bench.settle()
    #expect(try bench.execution(key).status == .failed)
    #expect(bench.transport.sent.count == 1)
  }

  @Test func `a step's own retry and timeout count for it`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(step: #""retry":{"attempts":1},"timeout":"5s","#), event: #"{"n":1}"#)
    #expect(bench.transport.sent[0].request.timeout == .seconds(5))
    bench.transport.fail(.timeout(destination, after: .seconds(5), .sent))
    bench.settle()
    #expect(try bench.execution(key).failure?.code == "timeout")
  }

  @Test func `a kept connection that broke is replaced at once, within the same attempt`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(), event: #"{"n":1}"#)
    bench.transport.fail(.reset(destination, message: "closed", .sentOnKeptConnection))
    bench.settle()
    #expect(bench.transport.sent.count == 2)
    #expect(!bench.transport.sent[0].request.needsFreshConnection)
    #expect(bench.transport.sent[1].request.needsFreshConnection)
    #expect(
      bench.transport.sent[0].header("Idempotency-Key") == bench.transport.sent[1].header("Idempotency-Key"))
    bench.transport.fail(.reset(destination, message: "closed", .sentOnKeptConnection))
    bench.settle()
    #expect(try bench.execution(key).status == .waiting)
    #expect(bench.transport.sent.count == 2)
  }

  @Test func `a URL that an expression made impossible fails the step without a request`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"send","http":{"url":"{{ event.body.url }}"}}]}"#,
      event: #"{"url":"ftp://x.example/"}"#)
    bench.transport.fail(.badURL("the URL's scheme is neither http nor https"))
    bench.settle()
    #expect(try bench.execution(key).failure?.code == "bad_url")
  }

  @Test func `credentials are of the attempt alone, and shown nowhere`() throws {
    let bench = try EngineBench()
    bench.secrets.known["env:TOKEN"] = "s3cret-of-the-step"
    try bench.crash()
    let key = try bench.accept(
      """
      {"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"send","http":
        {"method":"POST","url":"https://x.example/in","text":"hello","auth":{"bearer":"env:TOKEN"}}}]}
      """)
    #expect(bench.transport.open.last?.header("Authorization") == "Bearer s3cret-of-the-step")
    bench.transport.answer(500, [], "you said s3cret-of-the-step")
    bench.settle()
    let kept = try bench.store.read { (snapshot) throws(StoreError) in try snapshot.keptRequest(of: key) }
    #expect(kept.map { String(decoding: $0, as: UTF8.self) }?.contains("s3cret") == false)
    let attempt = try #require(try bench.attempts(key).first)
    for text in [attempt.request, attempt.response] {
      #expect(text.map { String(decoding: $0, as: UTF8.self) }?.contains("s3cret") == false)
    }
    bench.sleep()
    #expect(bench.transport.open.last?.header("Authorization") == "Bearer s3cret-of-the-step")
  }

  @Test func `a secret that cannot be had fails the step, and nothing is sent`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      """
      {"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"send","http":
        {"url":"https://x.example/in","auth":{"bearer":"env:TOKEN"}}}]}
      """)
    #expect(bench.transport.sent.isEmpty)
    #expect(try bench.execution(key).failure?.code == "secret")
    #expect(bench.store.permits.available == 256)
  }

  @Test func `a retry after the end goes on from the failed step, once more with the same request`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(retry: #"{"attempts":1}"#), event: #"{"n":5}"#)
    bench.transport.answer(500)
    bench.settle()
    #expect(try bench.execution(key).isDeadLetter)
    let answer = try bench.store.perform(RetryExecution(execution: key, now: bench.time.now()))
    #expect(answer == .retried(key))
    bench.settle()
    #expect(bench.transport.sent.count == 2)
    #expect(bench.transport.sent[1].request.body == bench.transport.sent[0].request.body)
    #expect(
      bench.transport.sent[1].header("Idempotency-Key") == bench.transport.sent[0].header("Idempotency-Key"))
    bench.transport.answer(200)
    bench.settle()
    let record = try bench.execution(key)
    #expect(record.status == .succeeded)
    #expect(record.ends == 2)
  }

  @Test func `a retry does not run again what has succeeded, and onFailure tells of the new failure`() throws
  {
    let bench = try EngineBench()
    let key = try bench.accept(
      """
      {"name":"sample","on":{"hook":"inbox"},"steps":[
        {"id":"a","http":{"url":"https://x.example/a"}},
        {"id":"b","http":{"url":"https://x.example/{{ steps.a.body }}"}}],
       "onFailure":[{"id":"tell","http":{"url":"https://ops.example/"}}]}
      """)
    bench.transport.answer(200, [("Content-Type", "text/plain")], "here")
    bench.settle()
    bench.transport.answer(400)
    bench.settle()
    bench.transport.answer(200)
    bench.settle()
    #expect(try bench.execution(key).status == .failed)
    _ = try bench.store.perform(RetryExecution(execution: key, now: bench.time.now()))
    bench.settle()
    #expect(bench.transport.open.map(\.request.url) == ["https://x.example/here"])
    bench.transport.answer(400)
    bench.settle()
    #expect(
      bench.transport.open.map { $0.header("Idempotency-Key") } == ["\(bench.id(key)):onFailure~2/tell"])
    bench.transport.answer(200)
    bench.settle()
    #expect(try bench.execution(key).ends == 2)
    #expect(bench.transport.sent.map(\.request.url).filter { $0.hasSuffix("/a") }.count == 1)
  }
}
