import RelayDocuments
import RelayExpressions
import RelayHTTP
import RelayIngress
import RelayModel
import RelayStore
import Testing

@Suite struct AcceptedTests {
  private func bench(_ workflows: [String] = [IngressHook.flow("one")]) throws -> IngressBench {
    try IngressBench(hooks: [.sample(workflows: workflows)])
  }

  @Test func `a verified delivery is answered 202 with its ids after the commit`() throws {
    let bench = try bench([IngressHook.flow("one"), IngressHook.flow("two")])
    let response = try bench.deliver()
    #expect(response.status == 202)
    let event = try #require(bench.events.first)
    let id = bench.store.tag.id(.event, event.key)
    #expect(response.field("Petrel-Event-Id") == id)
    #expect(response.field("Content-Type") == "application/json")
    #expect(response.json?["id"] == .string(id))
    #expect(response.json?["executions"]?.array?.count == 2)
    #expect(response.json?["duplicate"] == nil)
    #expect(try bench.executions == 2)
    #expect(event.record.type == "push")
    #expect(event.record.delivery == "d-1")
  }

  @Test func `how long a sender waited is counted for each event that was made durable`() throws {
    let bench = try bench()
    _ = try bench.deliver()
    _ = try bench.deliver("{}", id: "d-1")
    _ = try bench.deliver("{}", id: "d-2", secret: "another-secret-of-sixteen-bytes")
    #expect(bench.ingress.tally.acknowledgements.count == 2, "a refused request is none")
  }

  @Test func `no workflow that matches is an event without executions`() throws {
    let bench = try bench([IngressHook.flow("one", if: "event.type == 'issues'")])
    let response = try bench.deliver()
    #expect(response.status == 202)
    #expect(response.json?["executions"] == [])
    #expect(try bench.events.count == 1)
  }

  @Test func `an answer is not given before the commit`() throws {
    let bench = try bench()
    bench.store.drainAndClose()
    #expect(throws: (any Error).self) { try bench.store.read { try $0.outboxState() } }
    #expect(try bench.deliver().status == 503)
  }

  @Test func `the same delivery again has the first answer, and nothing runs twice`() throws {
    let bench = try bench()
    let first = try bench.deliver()
    let again = try bench.deliver()
    #expect(again.status == 200)
    #expect(again.json?["duplicate"] == true)
    #expect(again.json?["id"] == first.json?["id"])
    #expect(again.json?["executions"] == first.json?["executions"])
    #expect(again.field("Petrel-Event-Id") == first.field("Petrel-Event-Id"))
    #expect(try bench.executions == 1)
    #expect(try bench.events.count == 1)
  }

  @Test func `after the window it is a new event`() throws {
    let bench = try bench()
    _ = try bench.deliver()
    bench.time.advance(.seconds(73 * 3600))
    #expect(try bench.deliver().status == 202)
  }

  @Test func `the same id with another body is a new event`() throws {
    let bench = try bench()
    _ = try bench.deliver("{}")
    #expect(try bench.deliver("[]").status == 202)
    #expect(try bench.events.count == 2)
  }

  @Test func `dedupe.key decides alone, whatever the body and the delivery's id`() throws {
    var hook = try IngressHook.sample(workflows: [IngressHook.flow("one")])
    hook.dedupeKey = try Expression(parsing: "event.body.id")
    let bench = try IngressBench(hooks: [hook])
    #expect(try bench.deliver(#"{"id":7,"n":1}"#, id: "d-1").status == 202)
    #expect(try bench.deliver(#"{"id":7,"n":2}"#, id: "d-2").status == 200)
    #expect(try bench.deliver(#"{"id":8,"n":1}"#, id: "d-1").status == 202)
  }

  @Test func `a dedupe.key that fails makes no duplicate, and is noted on the event`() throws {
    var hook = try IngressHook.sample()
    hook.dedupeKey = try Expression(parsing: "event.body.id")
    let bench = try IngressBench(hooks: [hook])
    #expect(try bench.deliver("{}").status == 202)
    #expect(try bench.deliver("{}").status == 202)
    let notes = try bench.events.flatMap(\.record.notes)
    #expect(notes.count == 2)
    #expect(notes.allSatisfy { $0.hasPrefix("dedupe.key: ") })
  }

  @Test func `an error in on.if is no match, noted on the event, and the others run`() throws {
    let bench = try bench([
      IngressHook.flow("broken", if: "event.body.absent.deeper == 'x'"), IngressHook.flow("sound"),
    ])
    let response = try bench.deliver()
    #expect(response.status == 202)
    #expect(response.json?["executions"]?.array?.count == 1)
    let notes = try #require(bench.events.first?.record.notes)
    #expect(notes.count == 1)
    #expect(notes[0].hasPrefix("broken: on.if: "))
  }

  @Test func `a sender that insists on another answer gets it`() throws {
    var hook = try IngressHook.sample()
    hook.answer = AcceptedAnswer(status: 200, body: "ok", contentType: "text/plain")
    let bench = try IngressBench(hooks: [hook])
    let response = try bench.deliver()
    #expect(response.status == 200)
    #expect(response.text == "ok")
    #expect(response.field("Content-Type") == "text/plain")
    #expect(response.field("Petrel-Event-Id") != nil)
  }

  @Test func `a catalogue that takes the place of another judges what comes next, and forgets no duplicate`()
    throws
  {
    let bench = try bench()
    _ = try bench.deliver()
    let hook = try IngressHook.sample(workflows: [IngressHook.flow("a"), IngressHook.flow("b")])
    bench.ingress.replace(
      IngressCatalog(
        hooks: [hook], vars: bench.ingress.current.vars, publicURL: nil, trustedProxies: [], usesTLS: false))
    #expect(try bench.deliver().status == 200)
    #expect(try bench.deliver(id: "d-2").json?["executions"]?.array?.count == 2)
  }
}
