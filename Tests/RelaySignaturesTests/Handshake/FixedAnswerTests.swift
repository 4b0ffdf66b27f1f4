import RelaySignatures
import Testing

@Suite struct FixedAnswerTests {
  @Test(arguments: [
    ("dropbox-sign", 200, "Hello API Event Received"), ("adyen", 200, "[accepted]"), ("xero", 200, ""),
    ("wechat", 200, "success"),
  ]) func `some providers insist on one answer to every event`(provider: String, status: Int, body: String)
    throws
  {
    let answer = try #require(try handshake(provider).acceptedAnswer(for: sampleRequest()))

    #expect(answer.status == status)
    #expect(answer.body == bytes(body))
    #expect(body.isEmpty == answer.headers.isEmpty)
    if !body.isEmpty { #expect(answer.headers == [HeaderField("Content-Type", "text/plain")]) }
  }

  @Test(arguments: ["zoom", "mailgun"])
  func `some insist on the status only`(provider: String) throws {
    let answer = try #require(try handshake(provider).acceptedAnswer(for: sampleRequest()))

    #expect(answer.status == 200)
    #expect(answer.body == nil)
  }

  @Test func `an acknowledgement may be a document`() throws {
    let answer = try #require(try handshake("salesforce-om").acceptedAnswer(for: sampleRequest()))

    #expect(answer.headers == [HeaderField("Content-Type", "text/xml; charset=utf-8")])
    #expect(String(decoding: answer.body ?? [], as: UTF8.self).contains("<Ack>true</Ack>"))
  }

  @Test func `Discord's events are answered with nothing, its interactions by the relay`() throws {
    let handshake = try handshake("discord")

    let event = handshake.acceptedAnswer(for: sampleRequest(#"{"type":1,"event":{"type":"X"}}"#))
    #expect(event?.status == 204)
    #expect(event?.body == [])
    #expect(handshake.acceptedAnswer(for: sampleRequest(#"{"type":2,"id":"1"}"#)) == nil)
  }

  @Test func `Xero's refusal is empty`() throws {
    let refused = try #require(try handshake("xero").refusedAnswer)

    #expect(refused.status == 401)
    #expect(refused.body == [])
  }

  @Test(arguments: ["bandwidth", "postmark", "chargebee"])
  func `whoever sends credentials only when asked is asked`(provider: String) throws {
    let refused = try #require(try handshake(provider).refusedAnswer)

    #expect(refused.status == 401)
    #expect(refused.body == nil)
    #expect(refused.headers.map(\.name) == ["WWW-Authenticate"])
  }

  @Test(arguments: ["github", "stripe", "slack"])
  func `elsewhere the relay answers as it always does`(provider: String) throws {
    let handshake = try handshake(provider)

    #expect(handshake.acceptedAnswer(for: sampleRequest()) == nil)
    #expect(handshake.refusedAnswer == nil)
  }
}
