import RelayModel
import RelayThreads
import Synchronization
import Testing

@testable import RelayHTTP

@Suite struct NameTableTests {
  private let one: [IPAddress] = [.v4(1)]
  private let two: [IPAddress] = [.v4(2)]

  @Test func `a name is asked for once, however many wait`() {
    var table = NameTable()
    #expect(table.answer(for: "a", now: .zero) == .wait(ask: true))
    #expect(table.answer(for: "a", now: .seconds(5)) == .wait(ask: false))
    table.record("a", .success(one), now: .seconds(6))
    #expect(table.answer(for: "a", now: .seconds(6)) == .addresses(one, ask: false))
  }

  @Test func `an address is refreshed behind the requests, then given up`() {
    var table = NameTable()
    table.record("a", .success(one), now: .zero)
    #expect(table.answer(for: "a", now: NameTable.fresh - .milliseconds(1)) == .addresses(one, ask: false))
    #expect(table.answer(for: "a", now: NameTable.fresh) == .addresses(one, ask: true))
    #expect(table.answer(for: "a", now: NameTable.fresh) == .addresses(one, ask: false))
    table.record("a", .success(two), now: .seconds(11))
    #expect(table.answer(for: "a", now: .seconds(12)) == .addresses(two, ask: false))
    #expect(table.answer(for: "a", now: .seconds(11) + NameTable.usable) == .wait(ask: true))
  }

  @Test func `a failure is kept for a moment only`() {
    var table = NameTable()
    table.record("a", .failure(.unknown("no")), now: .zero)
    #expect(table.answer(for: "a", now: .milliseconds(999)) == .failure(.unknown("no")))
    #expect(table.answer(for: "a", now: NameTable.failureKept) == .wait(ask: true))
  }

  @Test func `addresses outlive a resolver that does not answer, but not a name that is gone`() {
    var table = NameTable()
    table.record("a", .success(one), now: .zero)
    table.record("a", .failure(.unavailable("timeout")), now: .seconds(20))
    #expect(table.answer(for: "a", now: .seconds(20)) == .addresses(one, ask: false))
    #expect(table.answer(for: "a", now: .seconds(21)) == .addresses(one, ask: true))
    table.record("a", .failure(.unknown("no")), now: .seconds(22))
    #expect(table.answer(for: "a", now: .seconds(22)) == .failure(.unknown("no")))
  }

  @Test func `names from payloads fill no memory`() {
    var table = NameTable()
    for number in 0..<(NameTable.mostNames * 3) {
      table.record("n\(number)", .failure(.unknown("no")), now: .zero)
      _ = table.answer(for: "m\(number)", now: .zero)
      table.record("m\(number)", .success(one), now: .zero)
    }
    #expect(table.count <= NameTable.mostNames + 2)
  }

  @Test func `a name that is waited for is never forgotten`() {
    var table = NameTable()
    #expect(table.answer(for: "waited", now: .zero) == .wait(ask: true))
    for number in 0..<(NameTable.mostNames * 2) { table.record("n\(number)", .success(one), now: .zero) }
    _ = table.answer(for: "more", now: .zero)
    #expect(table.answer(for: "waited", now: .zero) == .wait(ask: false))
  }
}

@Suite struct PinTableTests {
  @Test func `libcurl is told what it does not know, and again before it forgets`() {
    var table = PinTable()
    let (one, two): ([IPAddress], [IPAddress]) = ([.v4(1)], [.v4(1), .v4(2)])
    func news(_ name: String, _ port: UInt16, _ addresses: [IPAddress], _ now: Duration) -> Bool {
      table.isNews(name, port: port, addresses, now: now)
    }
    #expect([news("a", 80, one, .zero), news("a", 80, one, .zero)] == [true, false])
    #expect([news("a", 81, one, .zero), news("b", 80, one, .zero)] == [true, true])
    #expect([news("a", 80, two, .zero), news("a", 80, one, .zero)] == [true, true])
    #expect(!news("a", 80, one, PinTable.trusted - .milliseconds(1)))
    #expect(news("a", 80, one, PinTable.trusted))
    #expect(PinTable.trusted < PinTable.kept)
  }
}

@Suite(.timeLimit(.minutes(1))) struct ClientNameTests {
  @Test func `a name that was told once serves new connections too`() throws {
    let server = RawServer { peer, _ in peer.answerAll() }
    let client = try makeClient(names: FixedNames(["a.example": ["127.0.0.1"]]))
    defer { client.stop() }
    var request = get("http://a.example:\(server.port)/")
    request.needsFreshConnection = true
    for _ in 0..<5 { #expect(try client.perform(request).get().status == 200) }
    #expect(server.connections == 5)
  }

  @Test func `the same name with other addresses for another trust is told anew`() throws {
    let server = RawServer { peer, _ in peer.answerAll() }
    let client = try makeClient(names: FixedNames(["a.example": ["127.0.0.1"]]))
    defer { client.stop() }
    let url = "http://a.example:\(server.port)/"
    #expect(try client.perform(get(url)).get().status == 200)
    #expect(client.code(OutgoingRequest(method: "GET", url: url)) == "forbidden_address")
    #expect(try client.perform(get(url)).get().status == 200)
  }

  @Test func `a cancelled request that was to tell the addresses leaves the next one unharmed`() throws {
    let server = RawServer { peer, _ in peer.answerAll() }
    let client = try makeClient(names: FixedNames(["a.example": ["127.0.0.1"]]))
    defer { client.stop() }
    // The name is known from here on, but not yet at the server's port.
    #expect(client.code(get("http://a.example:1/")) == "connect_failed")
    let (entered, goOn, results) = (Latch(), Latch(), Results())
    client.start(get("bad")) { _ in
      entered.open()
      goOn.wait()
    }
    entered.wait()
    let url = "http://a.example:\(server.port)/"
    let first = client.start(get(url), completion: { _ in })
    client.start(get(url), completion: results.take)
    client.cancel(first)
    goOn.open()
    #expect(try results.next().get().status == 200)
  }

  @Test func `many requests to one name make one look-up`() throws {
    let server = RawServer { peer, _ in peer.answerAll() }
    let names = FixedNames(["a.example": ["127.0.0.1"]])
    let client = try makeClient(names: names)
    defer { client.stop() }
    let results = Results()
    for _ in 0..<20 { client.start(get("http://a.example:\(server.port)/"), completion: results.take) }
    for _ in 0..<20 { #expect(try results.next().get().status == 200) }
    #expect(names.lookups == ["a.example"])
  }

  @Test func `the server sees the name, not the address`() throws {
    let seen = SeenRequests()
    let server = RawServer { peer, _ in
      if let request = peer.request() { seen.add(request) }
      peer.answer()
    }
    let client = try makeClient(names: FixedNames(["a.example": ["127.0.0.1"]]))
    defer { client.stop() }
    _ = try client.perform(get("http://A.example.:\(server.port)/")).get()
    #expect(seen.all.first?.field("host") == "a.example:\(server.port)")
  }

  @Test func `an address that refuses makes room for the next`() throws {
    let server = RawServer { peer, _ in peer.answerAll() }
    let client = try makeClient(names: FixedNames(["a.example": ["127.0.0.2", "127.0.0.1"]]))
    defer { client.stop() }
    let answer = try client.perform(get("http://a.example:\(server.port)/")).get()
    #expect(answer.address == IPAddress("127.0.0.1"))
  }

  @Test func `a resolver that hangs ends at the request's timeout and holds up nobody`() throws {
    let names = HeldNames()
    let server = RawServer { peer, _ in peer.answerAll() }
    let client = try makeClient(names: names)
    defer { client.stop() }
    let results = Results()
    client.start(get("http://hangs.example/", timeout: .milliseconds(200)), completion: results.take)
    names.begun.wait()
    #expect(try client.perform(get(server.url())).get().status == 200)
    guard case .failure(let error) = results.next() else {
      Issue.record("nothing can have answered")
      return
    }
    #expect(error.code == "timeout" && !error.mayHaveArrived)
    names.release.open()
  }

  @Test func `more waiting names than the bound fail at once`() throws {
    let names = HeldNames()
    let client = try makeClient(names: names) {
      $0.resolverThreads = 1
      $0.resolverQueue = 1
    }
    let results = Results()
    client.start(get("http://a.example/"), completion: { _ in })
    names.begun.wait()
    client.start(get("http://b.example/"), completion: { _ in })
    client.start(get("http://c.example/"), completion: results.take)
    guard case .failure(let error) = results.next() else {
      Issue.record("nothing can have answered")
      return
    }
    #expect(error.code == "resolve_failed" && error.isRetryable)
    client.stop()
    for _ in 0..<2 { names.release.open() }
  }

  @Test func `the machine's resolver knows this machine, and says what it does not know`() throws {
    #expect(try SystemLookup().addresses(of: "localhost").contains(.v4(0x7F00_0001)))
    #expect(throws: LookupFailure.self) { try SystemLookup().addresses(of: "does-not-exist.invalid") }
  }
}
