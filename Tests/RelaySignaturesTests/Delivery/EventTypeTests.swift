import RelayModel
import RelaySignatures
import Testing

@Suite struct EventTypeTests {
  private static let form = [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]

  @Test(arguments: [
    ("stripe", #"{"type":"invoice.paid"}"#, "invoice.paid"),
    ("anthropic", #"{"type":"event","data":{"type":"session.status_idled"}}"#, "session.status_idled"),
    ("slack", #"{"type":"event_callback","event":{"type":"app_mention"}}"#, "app_mention"),
    ("slack", #"{"type":"app_rate_limited"}"#, "app_rate_limited"),
    ("telegram", #"{"update_id":1,"edited_message":{}}"#, "edited_message"),
    ("x-twitter", #"{"for_user_id":"1","tweet_create_events":[]}"#, "tweet_create_events"),
    ("mautic", #"{"timestamp":1,"mautic.lead_post_save_new":[]}"#, "mautic.lead_post_save_new"),
    ("pipedrive", #"{"meta":{"action":"create","entity":"deal"}}"#, "create.deal"),
    ("pipedrive", #"{"event":"added.deal","meta":{"action":"added"}}"#, "added.deal"),
    ("sparkpost", #"[{"msys":{"track_event":{"type":"open"}}}]"#, "open"),
    ("bunny-stream", #"{"Status":3}"#, "3"),
    ("wix", "e30.eyJkYXRhIjoie1wiZGF0YVwiOlwie31cIixcImV2ZW50VHlwZVwiOlwiYXBwLnVwXCJ9In0.AA", "app.up"),
    ("adyen", #"{"notificationItems":[{"NotificationRequestItem":{"eventCode":"REFUND"}}]}"#, "REFUND"),
    ("wechat", "<xml><MsgType><![CDATA[text]]></MsgType></xml>", "text"),
  ]) func `the body says what happened`(provider: String, body: String, type: String) throws {
    #expect(try deliveryRule(provider).eventType(of: sampleRequest(body)) == type)
  }

  @Test(arguments: [
    ("github", [("X-GitHub-Event", "issues")], "issues"),
    ("shopify", [("X-Shopify-Topic", "orders/create")], "orders/create"),
    ("linear", [("Linear-Event", "Issue")], "Issue"),
    ("sentry", [("Sentry-Hook-Resource", "issue")], "issue.created"),
    ("gitlab", [("X-Gitlab-Event", "Push Hook")], "Push Hook"),
  ]) func `a header says what happened`(provider: String, headers: [(String, String)], type: String) throws {
    let request = sampleRequest(#"{"action":"created","type":"other"}"#, headers: headers)

    #expect(try deliveryRule(provider).eventType(of: request) == type)
  }

  @Test(arguments: [
    ("twilio", "MessageSid=SM1&MessageStatus=delivered", "delivered"),
    ("slack", "command=%2Fdeploy&text=now", "/deploy"),
    ("slack", "payload=%7B%22type%22%3A%22block_actions%22%7D", "block_actions"),
    ("mandrill", "mandrill_events=%5B%7B%22event%22%3A%22open%22%7D%5D", "open"),
    ("chargify", "id=1&event=payment_success", "payment_success"),
    ("braintree", "bt_payload=PG4%2BPGtpbmQ%2BY2hlY2s8L2tpbmQ%2BPC9uPg%3D%3D", "check"),
  ]) func `a form says what happened`(provider: String, body: String, type: String) throws {
    #expect(try deliveryRule(provider).eventType(of: sampleRequest(body, headers: Self.form)) == type)
  }

  @Test func `a part of a multipart form says what happened`() throws {
    let body = [
      "--b", "Content-Disposition: form-data; name=\"other\"", "", "x",
      "--b", "content-disposition: form-data; name=\"json\"", "Content-Type: application/json", "",
      #"{"event":{"event_type":"signature_request_sent"}}"#, "--b--", "",
    ].joined(separator: "\r\n")
    let request = sampleRequest(body, headers: [("Content-Type", "multipart/form-data; boundary=\"b\"")])

    #expect(try deliveryRule("dropbox-sign").eventType(of: request) == "signature_request_sent")
  }

  @Test(arguments: [
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=other",
    "text/plain", "",
  ]) func `a multipart body without its boundary has no fields`(type: String) throws {
    let body =
      "--b\r\nContent-Disposition: form-data; name=\"json\"\r\n\r\n{\"event\":{\"event_type\":\"x\"}}\r\n--b--"

    #expect(
      try deliveryRule("dropbox-sign").eventType(of: sampleRequest(body, headers: [("Content-Type", type)]))
        == nil)
  }

  @Test func `a body that is no form is not read as one`() throws {
    let request = sampleRequest("event=payment_success", headers: [("Content-Type", "text/plain")])

    #expect(try deliveryRule("chargify").eventType(of: request) == nil)
  }

  @Test func `nothing is known of a scheme that is written out`() {
    #expect(DeliveryRule().eventType(of: sampleRequest(#"{"type":"x"}"#)) == nil)
  }

  @Test func `a type that is no text is none`() {
    let request = SignedRequest(
      method: "POST", url: "https://x/", headers: HeaderFields([]),
      body: Array(#"{"type":""#.utf8) + [0xFF] + Array("\"}".utf8))

    #expect(throws: Never.self) { try #expect(deliveryRule("stripe").eventType(of: request) == nil) }
  }

  @Test func `every preset's rules can be read`() throws {
    for preset in try PresetCatalog.all() {
      #expect(throws: Never.self, "\(preset.id)") {
        _ = try DeliveryRule(preset)
        _ = try Handshake(preset)
      }
    }
  }
}
