import RelayModel
import RelayThreads
import Testing

@testable import RelayHTTP

/// A transfer ends once, at whatever stage it is cancelled.
@Suite(.timeLimit(.minutes(1))) struct ClientCancelTests {
  @Test func `before it began`() throws {
    let client = try makeClient()
    defer { client.stop() }
    let results = Results()
    // Both stand in the inbox before the client's thread looks: it is kept busy by a completion.
    let entered = Latch()
    let goOn = Latch()
    client.start(get("bad")) { _ in
      entered.open()
      goOn.wait()
    }
    entered.wait()
    let token = client.start(get("http://127.0.0.1:1/"), completion: results.take)
    client.cancel(token)
    goOn.open()
    #expect(throws: TransferError.cancelled(.notSent)) { try results.next().get() }
  }

  @Test func `while its name is looked up`() throws {
    let names = HeldNames()
    let client = try makeClient(names: names)
    defer { client.stop() }
    let results = Results()
    let token = client.start(get("http://slow.example/"), completion: results.take)
    names.begun.wait()
    client.cancel(token)
    #expect(throws: TransferError.cancelled(.notSent)) { try results.next().get() }
    names.release.open()
    #expect(results.all.count == 1)
  }

  @Test func `while it waits for the answer; the server sees the connection end`() throws {
    let arrived = Latch()
    let ended = Latch()
    let server = RawServer { peer, _ in
      _ = peer.request()
      arrived.open()
      peer.waitForEnd()
      ended.open()
    }
    let client = try makeClient()
    defer { client.stop() }
    let results = Results()
    let token = client.start(post(server.url()), completion: results.take)
    arrived.wait()
    client.cancel(token)
    #expect(throws: TransferError.cancelled(.sent)) { try results.next().get() }
    ended.wait()
  }

  @Test func `in the middle of the answer`() throws {
    let half = Latch()
    let ended = Latch()
    let server = RawServer { peer, _ in
      _ = peer.request()
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
      half.open()
      peer.waitForEnd()
      ended.open()
    }
    let client = try makeClient()
    defer { client.stop() }
    let results = Results()
    let token = client.start(post(server.url()), completion: results.take)
    half.wait()
    client.cancel(token)
    #expect(throws: TransferError.cancelled(.sent)) { try results.next().get() }
    ended.wait()
  }

  @Test func `after it ended, without effect`() throws {
    let server = RawServer { peer, _ in peer.answerAll() }
    let client = try makeClient()
    defer { client.stop() }
    let results = Results()
    let token = client.start(get(server.url()), completion: results.take)
    _ = results.next()
    client.cancel(token)
    #expect(try client.perform(get(server.url())).get().status == 200)
    #expect(results.all.count == 1)
  }

  @Test func `from inside a completion`() throws {
    let silent = RawServer { peer, _ in peer.waitForEnd() }
    let client = try makeClient()
    defer { client.stop() }
    let results = Results()
    let token = client.start(get(silent.url()), completion: results.take)
    client.start(get("bad")) { _ in client.cancel(token) }
    guard case .failure(.cancelled) = results.next() else {
      Issue.record("the transfer was not cancelled")
      return
    }
  }

  @Test func `stopping ends what is under way, and refuses what comes later`() throws {
    let silent = RawServer { peer, _ in peer.waitForEnd() }
    let names = HeldNames()
    let client = try makeClient(names: names)
    let results = Results()
    for _ in 0..<3 { client.start(get(silent.url()), completion: results.take) }
    client.start(get("http://slow.example/"), completion: results.take)
    names.begun.wait()
    client.stop()
    #expect(results.all.count == 4)
    #expect(client.code(get(silent.url())) == "closing")
    client.stop()
    names.release.open()
  }

  @Test func `a client that is let go ends its thread and answers everybody`() throws {
    let silent = RawServer { peer, _ in peer.waitForEnd() }
    let results = Results()
    do {
      let client = try makeClient()
      client.start(get(silent.url()), completion: results.take)
    }
    #expect(throws: TransferError.self) { try results.next().get() }
  }
}
