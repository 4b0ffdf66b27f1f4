import RelayDocuments
import RelayModel
import Synchronization
import Testing

@testable import RelayAdmin
@testable import RelayHTTP

@Suite struct RoutingTests {
  @Test(
    arguments: [
      ("PUT", "/api/executions", "GET, HEAD"), ("GET", "/api/events/replay/", nil),
      ("DELETE", "/api/status", "GET, HEAD"),
      ("GET", "/api/executions/x/retry", "POST"), ("POST", "/healthz", "GET, HEAD"),
      ("PATCH", "/api/secrets/a", "PUT, DELETE"),
      ("POST", "/", "GET, HEAD"), ("GET", "/api", nil), ("GET", "/api/executions/", nil),
      ("GET", "/API/status", nil),
    ] as [(String, String, String?)])
  func `another method is told what is allowed, another path is not found`(
    method: String, target: String, allowed: String?
  ) throws {
    let response = try TestRelay().ask(method, target)
    #expect(response.status == (allowed == nil ? 404 : 405))
    #expect(response.field("Allow") == allowed)
    #expect(response.field("Content-Type") == "application/problem+json")
  }

  @Test func `a head is answered as its get`() throws {
    #expect(try TestRelay().ask("HEAD", "/api/status").status == 200)
  }

  @Test func `a literal path wins over a name`() throws {
    let relay = try TestRelay()
    #expect(relay.ask("POST", "/api/events/replay", [:]).status == 200)
  }

  @Test(arguments: ["limit=0", "limit=1001", "limit=x", "cursor=zzz", "since=yesterday", "status=done"])
  func `a parameter that makes no sense is refused`(query: String) throws {
    let response = try TestRelay().ask("GET", "/api/executions?\(query)")
    #expect(response.status == 400)
    #expect(try response.code == "invalid")
  }

  @Test func `a query is decoded`() {
    let items = QueryItems("a=1&b=x%20y+z&a=2&c&d=%zz")
    #expect(items["a"] == "2")
    #expect(items["b"] == "x y z")
    #expect(items["c"] == "")
    #expect(items["d"] == "%zz")
    #expect(items["e"] == nil)
    #expect(QueryItems(nil).items.isEmpty)
  }

  @Test func `a misspelt member of a body is told`() throws {
    let response = try TestRelay().ask("POST", "/api/events/replay", ["hok": "github"])
    #expect(response.status == 400)
    #expect(try response.json["detail"]?.string == "The body has an unknown member hok; did you mean hook?")
  }

  @Test func `more requests than a worker holds are refused, and served once it goes on`() throws {
    let worker = AdminWorker("petrel-test")
    let gate = Gate()
    #expect(worker.submit { gate.wait() })
    var taken = 1
    while worker.submit({}) { taken += 1 }
    #expect(taken == AdminWorker.bound)
    gate.open()
    worker.stop()
  }
}

@Suite struct HealthTests {
  @Test func `liveness needs no token`() throws {
    #expect(try TestRelay().ask("GET", "/healthz", access: TestRelay.tokens).status == 200)
  }

  @Test func `a browser is told where to look, under a strict policy`() throws {
    let page = try TestRelay().ask("GET", "/", access: TestRelay.tokens)
    #expect(page.status == 200)
    #expect(page.field("Content-Security-Policy") == "default-src 'none'; frame-ancestors 'none'")
    #expect(!page.text.contains("127.0.0.1"))
  }

  @Test func `readiness tells the generation, and what is in the way`() throws {
    let relay = try TestRelay()
    let ready = relay.ask("GET", "/readyz", access: TestRelay.tokens)
    #expect(ready.status == 200)
    #expect(ready.text == #"{"generation":4,"fingerprint":"ab12"}"#)
    relay.control.state.withLock { $0.isReady = false }
    let unready = relay.ask("GET", "/readyz", access: TestRelay.tokens)
    #expect(unready.status == 503)
    #expect(unready.field("Retry-After") == "1")
    #expect(try unready.json["detail"]?.string == "the store is full")
  }
}
