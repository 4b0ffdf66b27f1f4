import RelayModel
import RelaySignatures
import Testing

@Suite struct HandshakeTests {
  private static let plain = [("Content-Type", "text/plain"), ("X-Content-Type-Options", "nosniff")]
  private static let json = [("Content-Type", "application/json"), ("X-Content-Type-Options", "nosniff")]
  private static let form = [("Content-Type", "application/x-www-form-urlencoded")]
  private static let hub = "?hub.mode=subscribe&hub.challenge=1158&hub.verify_token=meaty"

  static let answered = [
    Challenge(
      "slack", body: #"{"type":"url_verification","challenge":"3eZb","token":"t"}"#, signed: true,
      answers: plain, "3eZb"),
    Challenge("meta", "GET", query: hub, keys: token("meaty"), answers: plain, "1158"),
    Challenge("meta", "GET", query: hub, keys: token("other"), status: 403),
    Challenge("meta", "GET", query: hub, status: 403),
    Challenge(
      "strava", "GET", query: hub, keys: token("meaty"), answers: json, #"{"hub.challenge":"1158"}"#),
    Challenge("strava", "GET", query: hub, keys: token("other"), status: 403),
    Challenge(
      "twitch", headers: [("Twitch-Eventsub-Message-Type", "webhook_callback_verification")],
      body: #"{"challenge":"pogchamp","subscription":{}}"#, signed: true, answers: plain, "pogchamp"),
    Challenge(
      "zoom", body: #"{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8"}}"#,
      keys: secret("zoomsecret"), signed: true, answers: json,
      #"{"plainToken":"qgg8","encryptedToken":"67727fc2e7853c40ca52e231a904b13c381982e96a94c132b17b32001dcb4625"}"#
    ),
    Challenge("dropbox", "GET", query: "?challenge=abc%20123", answers: plain, "abc 123"),
    Challenge("nylas", "GET", query: "?challenge=bc609b38", answers: plain, "bc609b38"),
    Challenge("onfleet", "GET", query: "?check=sometext", answers: plain, "sometext"),
    Challenge(
      "smartsheet", headers: [("Smartsheet-Hook-Challenge", "0975")], body: #"{"challenge":"0975"}"#,
      answers: [("Smartsheet-Hook-Response", "0975")], #"{"smartsheetHookResponse":"0975"}"#),
    Challenge(
      "microsoft-graph", query: "?validationToken=Validation%3A+Testing%20client", answers: plain,
      "Validation: Testing client"),
    Challenge("xero", body: #"{"events":[],"entropy":"S0m3"}"#, signed: true),
    Challenge(
      "okta", "GET", headers: [("x-okta-verification-challenge", "my \"challenge\"")], answers: json,
      #"{"verification":"my \"challenge\""}"#),
    Challenge(
      "x-twitter", "GET", query: "?crc_token=foo&nonce=bar", keys: secret("consumersecret"), answers: json,
      #"{"response_token":"sha256=/75TVJBlQ+7s9CBbSXXPG2zUdwkPOr0Kr+cgM39d9I8="}"#),
    Challenge(
      "linkedin", "GET", query: "?challengeCode=890e&applicationId=1", keys: secret("lisecret"),
      answers: json,
      #"{"challengeCode":"890e","challengeResponse":"f2682fd8ac1d12b1bfba487f36ccb258c60402e743753a431e917c191c518924"}"#
    ),
    Challenge(
      "ebay", "GET", query: "?challenge_code=a862",
      keys: HandshakeKeys(verifyToken: bytes("71745723"), endpoint: "https://relay.example.com/hooks/x"),
      answers: json,
      #"{"challengeResponse":"6a33c9edfe853e71faa2c0084a05fba51cb34449460878aaa569297e6b90c159"}"#),
    Challenge(
      "braintree", "GET", query: "?bt_challenge=20f9f8ed05f77439fe955c977e4c8a53",
      keys: HandshakeKeys(
        secrets: [bytes("integration_private_key")], publicKey: bytes("integration_public_key")),
      answers: plain, "integration_public_key|d9b899556c966b3f06945ec21311865d35df3ce4"),
    Challenge("monday", body: #"{"challenge":"3eZb"}"#, answers: json, #"{"challenge":"3eZb"}"#),
    Challenge(
      "lark", body: #"{"challenge":"ajls","token":"xxxxxx","type":"url_verification"}"#, answers: json,
      #"{"challenge":"ajls"}"#),
    Challenge(
      "lark", body: #"{"challenge":"ajls","token":"xxxxxx","type":"url_verification"}"#,
      keys: token("yyyyyy"),
      status: 403),
    Challenge("discord", body: #"{"type":1}"#, signed: true, answers: json, #"{"type":1}"#),
    Challenge(
      "discord", body: #"{"version":1,"type":0}"#, signed: true, status: 204,
      answers: [("Content-Type", "application/json")]),
    Challenge("front", headers: [("X-Front-Challenge", "abc")], answers: json, #"{"challenge":"abc"}"#),
    Challenge("fitbit", "GET", query: "?verify=right", keys: token("right"), status: 204),
    Challenge("fitbit", "GET", query: "?verify=wrong", keys: token("right"), status: 404),
    Challenge(
      "ringcentral", headers: [("Validation-Token", "abc")], answers: [("Validation-Token", "abc")]),
    Challenge("wechat", "GET", query: "?echostr=1234", signed: true, answers: plain, "1234"),
    Challenge("trello", "HEAD"),
    Challenge("intercom", "HEAD"),
    Challenge("mandrill", "HEAD"),
    Challenge("mandrill", headers: form, body: "mandrill_events=%5B%5D"),
    Challenge("mailchimp", "GET"),
    Challenge("woocommerce", headers: form, body: "webhook_id=1"),
    Challenge("daily", body: #"{"test":"test"}"#),
    Challenge("vercel", body: "[]", keys: token("v1"), answers: [("x-vercel-verify", "v1")]),
    Challenge("line", body: #"{"destination":"x","events":[]}"#, signed: true),
    Challenge("terraform", body: #"{"notifications":[{"trigger":"verification"}]}"#, signed: true),
    Challenge("google-channel", headers: [("X-Goog-Resource-State", "sync")], signed: true),
    Challenge("wise", headers: [("X-Test-Notification", "true")], body: "{}", signed: true),
  ]

  @Test(arguments: answered) func `a challenge gets the answer that its provider wants`(
    _ challenge: Challenge
  ) throws {
    let answer = try #require(
      try handshake(challenge.provider).answer(
        to: challenge.request, challenge.keys, isVerified: challenge.isSigned))

    #expect(answer.status == challenge.status)
    #expect(answer.text == challenge.body)
    for (name, value) in challenge.headers { #expect(answer.header(name) == value) }
  }

  @Test(arguments: answered.filter(\.isSigned))
  func `a signed challenge is not answered before it is verified`(_ challenge: Challenge) throws {
    #expect(
      try handshake(challenge.provider).answer(to: challenge.request, challenge.keys, isVerified: false)
        == nil)
  }

  @Test(arguments: answered.filter { $0.request.method != "POST" })
  func `a method is let in where a challenge needs it`(_ challenge: Challenge) throws {
    #expect(try handshake(challenge.provider).methods == [challenge.request.method])
  }

  static let events = [
    Challenge("slack", body: #"{"type":"event_callback","event":{}}"#, signed: true),
    Challenge("slack", body: #"{"type":"url_verification"}"#, signed: true),
    Challenge("discord", body: #"{"type":1,"event":{"type":"APPLICATION_AUTHORIZED"}}"#, signed: true),
    Challenge("discord", body: #"{"type":2,"data":{}}"#, signed: true),
    Challenge("monday", body: #"{"event":{"type":"create_pulse"},"challenge":"x"}"#),
    Challenge("xero", body: #"{"events":[{"resourceId":"1"}]}"#, signed: true),
    Challenge("line", body: #"{"events":[{}]}"#, signed: true),
    Challenge("meta", "GET", query: "?hub.mode=other&hub.challenge=1", keys: token("t")),
    Challenge("meta", body: "{}", keys: token("t")),
    Challenge("dropbox", "POST", query: "?challenge=abc"),
    Challenge("dropbox", "GET", query: "?challenge="),
    Challenge("braintree", "GET", query: "?bt_challenge=ABCDEF20f9f8ed05f77439fe", keys: secret("k")),
    Challenge("braintree", "GET", query: "?bt_challenge=20f9f8ed05f77439fe", keys: secret("k")),
    Challenge("woocommerce", headers: [("Content-Type", "application/json")], body: #"{"webhook_id":1}"#),
    Challenge("x-twitter", "GET", query: "?crc_token=foo"),
    Challenge("vercel", body: "[]"),
    Challenge(
      "twitch", headers: [("Twitch-Eventsub-Message-Type", "notification")], body: #"{"challenge":"x"}"#,
      signed: true),
    Challenge("asana", headers: [("X-Hook-Secret", "s"), ("X-Hook-Signature", "s")], body: "{}"),
    Challenge("notion", body: #"{"verification_token":"s","type":"page.created"}"#),
    Challenge("stripe", body: #"{"challenge":"x"}"#),
  ]

  @Test(arguments: events) func `another request is no challenge`(_ request: Challenge) throws {
    let handshake = try handshake(request.provider)

    #expect(handshake.answer(to: request.request, request.keys, isVerified: request.isSigned) == nil)
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "a\u{7F}", "a\r\nSet-Cookie: x=1", String(repeating: "a", count: 4097),
  ])
  func `what a browser or a log could trip over is plain text or not sent back`(challenge: String) throws {
    let encoded = challenge.utf8.map { "%" + hex($0) }.joined()
    let request = sampleRequest("", method: "GET", url: "https://x/hooks/d?challenge=\(encoded)")
    let answer = try handshake("dropbox").answer(to: request, HandshakeKeys(), isVerified: false)

    if challenge.hasPrefix("<") {
      #expect(answer?.header("Content-Type") == "text/plain")
      #expect(answer?.header("X-Content-Type-Options") == "nosniff")
    } else {
      #expect(answer == nil)
    }
  }

  @Test(arguments: ["\u{E9}", "a\tb", String(repeating: "s", count: 1025)])
  func `a header is given back only where it is short and plain`(value: String) throws {
    let request = sampleRequest("{}", headers: [("X-Hook-Secret", value)])

    #expect(try handshake("asana").answer(to: request, HandshakeKeys(), isVerified: false) == nil)
  }

  @Test func `a body that is no text is not sent back`() throws {
    let request = sampleRequest("", method: "GET", url: "https://x/hooks/d?challenge=%FF%FE")

    #expect(try handshake("dropbox").answer(to: request, HandshakeKeys(), isVerified: false) == nil)
  }

  @Test func `a large request is an event`() throws {
    let body = #"{"challenge":"x","fill":""# + String(repeating: "y", count: 20_000) + #""}"#

    #expect(
      try handshake("monday").answer(to: sampleRequest(body), HandshakeKeys(), isVerified: false) == nil)
  }

  @Test func `without a preset nothing is a challenge`() {
    let handshake = Handshake()

    #expect(handshake.answer(to: sampleRequest(), HandshakeKeys(), isVerified: true) == nil)
    #expect(handshake.methods.isEmpty)
    #expect(handshake.acceptedAnswer(for: sampleRequest()) == nil)
  }

  @Test func `the operator's keys come from the hook's configuration`() throws {
    let verify = #"{"provider":"braintree","secret":"private","public_key":"public","verify_token":"token"}"#
    let configuration = try configuration(verify)
    let keys = HandshakeKeys(configuration, endpoint: "https://x/hooks/b")

    #expect(keys.secrets == [bytes("private")])
    #expect(keys.publicKey == bytes("public"))
    #expect(keys.verifyToken == bytes("token"))
    #expect(keys.endpoint == "https://x/hooks/b")
  }

  private func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
