import RelayDocuments
import Testing

/// Contract, section 4: what comes in and is refused, thrown at the whole binary on both of its listeners.
@Suite(.timeLimit(.minutes(2))) struct RefusedRequestTests {
  @Test(arguments: Attack.smuggling + Attack.heads + Attack.lines)
  func `what can be read in two ways, or is too large, is refused and nothing behind it is read`(
    attack: Attack
  )
    throws
  {
    let relay = try AttackedRelay.shared.get()
    let hidden = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    let pair = Attack(
      attack.testDescription, attack.bytes + Array(hidden.utf8), attack.statuses, code: attack.code)
    _ = try relay.suffers(pair)
    #expect(try relay.servesOthers())
  }

  @Test(arguments: Attack.smuggling + Attack.heads)
  func `the admin listener refuses the same before it asks for a token`(attack: Attack) throws {
    let relay = try AttackedRelay.shared.get()
    let hidden = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    let pair = Attack(attack.testDescription, attack.bytes + Array(hidden.utf8), attack.statuses, code: nil)
    let (text, message) = try relay.answer(to: pair, port: relay.installation.adminPort)
    #expect(attack.statuses.union([401, 404]).contains(message?.status ?? 0), "\(text.prefix(600))")
    #expect(!text.contains("HTTP/1.1 200"))
  }

  @Test(arguments: Attack.oversized)
  func `a body over the limit is refused, and never asked for`(attack: Attack) throws {
    let relay = try AttackedRelay.shared.get()
    let message = try #require(try relay.suffers(attack))
    #expect(message.text.contains("1 MiB") || message.text.contains("1MiB"), "the bound is named")
    #expect(try relay.servesOthers())
  }

  @Test(arguments: Attack.strangeBodies)
  func `a signed body is an event, whatever it would like to be`(attack: Attack) throws {
    let relay = try AttackedRelay.shared.get()
    let message = try #require(try relay.suffers(attack))
    #expect(message.fields["petrel-event-id"] != nil)
    #expect(try relay.servesOthers())
  }

  @Test(arguments: Attack.forgeries)
  func `a forged request is refused with its code and never told what was expected`(attack: Attack) throws {
    let relay = try AttackedRelay.shared.get()
    let message = try #require(try relay.suffers(attack))
    #expect(!message.text.contains(Attack.sound.dropFirst("sha256=".count)))
    #expect(!message.text.contains(Installation.secret))
    #expect(try relay.servesOthers())
  }

  @Test func `a delivery that is sent again runs nothing, also with its fields in another order`() throws {
    let relay = try AttackedRelay.shared.get()
    let body = Array(#"{"text":"once"}"#.utf8)
    let fields = try Installation.signed(body, delivery: "replayed-\(UInt64.random(in: 0...UInt64.max))")
    let first = try Socket(port: relay.installation.port)
      .exchange("POST", "/hooks/github", fields: fields, body: body)
    let again = try Socket(port: relay.installation.port)
      .exchange("POST", "/hooks/github", fields: fields.reversed(), body: body)
    #expect(first.status == 202 && again.status == 200)
    #expect(first.fields["petrel-event-id"] == again.fields["petrel-event-id"])
    #expect(try JSON.parse(again.body)["duplicate"] == true)
  }

  @Test func `over its rate a hook answers 429 with the seconds to wait`() throws {
    let relay = try AttackedRelay.shared.get()
    let socket = try Socket(port: relay.installation.port)
    _ = try socket.exchange("POST", "/hooks/slow", body: [123, 125])
    let refused = try socket.exchange("POST", "/hooks/slow", body: [123, 125])
    #expect(refused.status == 429)
    try AttackedRelay.expectProblem(refused, "rate_limited")
    #expect(try relay.servesOthers())
  }

  @Test(arguments: ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"])
  func `a method that the hook's provider does not use is 405 and named`(method: String) throws {
    let relay = try AttackedRelay.shared.get()
    let refused = try Socket(port: relay.installation.port).exchange(method, "/hooks/github")
    #expect(refused.status == 405)
    #expect(refused.fields["allow"] == "POST")
    try AttackedRelay.expectProblem(refused, "method_not_allowed")
  }
}
