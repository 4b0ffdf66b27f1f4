import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

@Suite struct DeliveryIdentityTests {
  struct Carried: CustomStringConvertible, Sendable {
    let provider: String
    let request: SignedRequest
    let id: String

    init(_ provider: String, _ body: String, _ headers: [(String, String)] = [], id: String) {
      self.provider = provider
      self.request = sampleRequest(body, headers: headers)
      self.id = id
    }

    var description: String { provider }
  }

  static let carried = [
    Carried("github", "{}", [("x-github-delivery", "72d3162e")], id: "72d3162e"),
    Carried("stripe", #"{"id":"evt_1","object":"event"}"#, id: "evt_1"),
    Carried("slack", #"{"event":{"type":"message"},"event_id":"Ev0MDYA7HM"}"#, id: "Ev0MDYA7HM"),
    Carried("telegram", #"{"update_id":397587258,"message":{}}"#, id: "397587258"),
    Carried("svix", "{}", [("webhook-id", "msg_2")], id: "msg_2"),
    Carried("shopify", "{}", [("X-Shopify-Event-Id", "e"), ("X-Shopify-Webhook-Id", "w")], id: "w"),
    Carried("gitlab", "{}", [("X-Gitlab-Event-UUID", "u")], id: "u"),
    Carried("sendgrid", #"[{"sg_event_id":"a","event":"open"},{"sg_event_id":"b"}]"#, id: "a"),
    Carried("aws-sns", #"{"Type":"Notification","MessageId":"22b80b92"}"#, id: "22b80b92"),
    Carried(
      "meta", #"{"entry":[{"changes":[{"value":{"messages":[{"id":"wamid.HBg"}]}}]}]}"#, id: "wamid.HBg"),
    Carried(
      "google-channel", "", [("X-Goog-Channel-ID", "c"), ("X-Goog-Message-Number", "7")], id: "c:7"),
    Carried(
      "vonage", "{}", [("Authorization", "Bearer e30.eyJqdGkiOiJqLTEiLCJpYXQiOjF9.AAAA")], id: "j-1"),
    Carried("kinde", "e30.eyJldmVudF9pZCI6ImV2ZW50XzEifQ.AAAA", id: "event_1"),
    Carried(
      "salesforce-om", "<m><OrganizationId>o</OrganizationId><Notification><Id>04l1</Id></Notification></m>",
      id: "04l1"),
    Carried("wechat", "<xml><MsgId><![CDATA[64]]></MsgId></xml>", id: "64"),
    Carried("sentry", "{}", [("Request-ID", "r")], id: "r"),
    Carried("btcpay", #"{"deliveryId":"second","originalDeliveryId":"first"}"#, id: "first"),
  ]

  @Test(arguments: carried) func `the id is where the preset says`(_ sample: Carried) throws {
    let identity = try deliveryRule(sample.provider).identity(of: sample.request, bodyOnly)

    #expect(identity?.id == sample.id)
  }

  @Test(arguments: [
    ("twilio", #"{"MessageSid":"SM1"}"#), ("webex", #"{"id":"subscription"}"#),
    ("pusher", #"{"time_ms":1327078148132}"#), ("postmark", #"{"MessageID":"m","RecordType":"Open"}"#),
    ("hubspot", #"[{"eventId":1}]"#), ("mollie-classic", "id=tr_1"),
    ("flutterwave-v3", #"{"data":{"id":1}}"#),
    ("klaviyo", "{}"), ("docusign", #"{"data":{"envelopeId":"e"},"generatedDateTime":"t"}"#),
    ("github", "{}"),
  ]) func `an object, a subscription or a time is no id`(provider: String, body: String) throws {
    let rule = try deliveryRule(provider)
    let request = sampleRequest(body, headers: [("Klaviyo-Webhook-Id", "subscription")])

    #expect(rule.identity(of: request, bodyOnly) == nil)
    #expect(rule.identity(of: request, timestamped) != nil)
    #expect(rule.identity(of: request, timestamped)?.id == nil)
  }

  @Test func `a signature without bytes makes no identity`() {
    let verified = Verified(signature: [], coversDelivery: true)

    #expect(DeliveryRule().identity(of: sampleRequest(), verified) == nil)
  }

  @Test func `the same id over another body is another delivery`() throws {
    let marks = try ["a", "b", "a"].map { body in
      let request = sampleRequest(body, headers: [("X-GitHub-Delivery", "1")])
      return try #require(try deliveryRule("github").identity(of: request, bodyOnly))
        .mark(hook: "github", body: request.body)
    }

    #expect(marks[0] == marks[2])
    #expect(marks[0] != marks[1])
    #expect(marks[0].count == 16)
  }

  @Test(arguments: [
    ("stripe", #"{"id":"e","pending_webhooks":1}"#, #"{"id":"e","pending_webhooks":0}"#),
    ("notion", #"{"id":"e","attempt_number":1}"#, #"{"id":"e","attempt_number":2}"#),
    (
      "btcpay", #"{"deliveryId":"d","originalDeliveryId":"o"}"#,
      #"{"deliveryId":"x","originalDeliveryId":"o"}"#
    ),
    (
      "mailgun", #"{"signature":{"token":"t"},"event-data":1}"#,
      #"{"signature":{"token":"t"},"event-data":2}"#
    ),
    ("telnyx", #"{"data":{"id":"i"},"meta":{"attempt":1}}"#, #"{"data":{"id":"i"},"meta":{"attempt":2}}"#),
  ]) func `an id that is unique for its event makes another body a duplicate`(
    provider: String, first: String, second: String
  ) throws {
    let rule = try deliveryRule(provider)
    let marks = try [first, second].map { body in
      try #require(rule.identity(of: sampleRequest(body), bodyOnly)).mark(hook: "h", body: Array(body.utf8))
    }

    #expect(marks[0] == marks[1])
  }

  @Test func `without an id the signature counts, with the body`() throws {
    let rule = DeliveryRule()
    let other = Verified(signature: [9], coversDelivery: true)
    let identity = try #require(rule.identity(of: sampleRequest(), timestamped))
    let another = try #require(rule.identity(of: sampleRequest(), other))

    #expect(try identity.mark(hook: "h", body: [1]) == identity.mark(hook: "h", body: [1]))
    #expect(try identity.mark(hook: "h", body: [1]) != identity.mark(hook: "h", body: [2]))
    #expect(try identity.mark(hook: "h", body: [1]) != another.mark(hook: "h", body: [1]))
  }

  @Test func `marks of different hooks and of different kinds of identity never meet`() throws {
    let id = try #require(
      try deliveryRule("github").identity(
        of: sampleRequest("", headers: [("X-GitHub-Delivery", "k")]), bodyOnly))
    let key = DeliveryIdentity(key: Array("k".utf8))

    #expect(try id.mark(hook: "a", body: []) != id.mark(hook: "b", body: []))
    #expect(try id.mark(hook: "a", body: []) != key.mark(hook: "a", body: []))
    #expect(try key.mark(hook: "ak", body: []) != DeliveryIdentity(key: []).mark(hook: "akk", body: []))
  }

  @Test func `the operator's own key holds whatever the body`() throws {
    let key = DeliveryIdentity(key: [7])

    #expect(try key.mark(hook: "h", body: [1]) == key.mark(hook: "h", body: [2]))
    #expect(key.id == nil)
  }

  @Test(arguments: ["", String(repeating: "x", count: 513)])
  func `an empty or an endless id is none`(id: String) throws {
    let request = sampleRequest("{}", headers: [("X-GitHub-Delivery", id)])

    #expect(try deliveryRule("github").identity(of: request, bodyOnly) == nil)
  }

  @Test(arguments: [
    #"{"id":null}"#, #"{"id":true}"#, #"{"id":{}}"#, #"{"id":["a"]}"#, #"{"id":"a"#, "", "id=1", "[",
  ]) func `what is neither text nor a number is no id`(body: String) throws {
    #expect(try deliveryRule("stripe").identity(of: sampleRequest(body), bodyOnly) == nil)
  }

  @Test func `a signature tells deliveries apart only where it covers an id or an instant`() throws {
    let covering: Set = [
      "adyen", "ecwid", "mercado-pago", "stripe", "dropbox-sign", "wechat", "linear", "gitguardian",
    ]
    let bare: Set = ["github", "twilio", "shopify", "xero", "braintree", "gitlab", "chargebee"]
    var seen: Set<String> = []
    for literal in try PresetLiteral.all() where covering.union(bare).contains(literal.provider) {
      let vector = try VectorLine(literal.accepted.serialized())
      let verified = try Verifier(vector.configuration).verify(vector.request, at: vector.at)
      #expect(verified.coversDelivery == covering.contains(literal.provider), "\(literal.provider)")
      seen.insert(literal.provider)
    }
    #expect(seen == covering.union(bare))
  }
}
