import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

/// A hook's configuration with secrets as they stand.
func configuration(_ json: String) throws -> VerifyConfiguration {
  try VerifyConfiguration(JSON.parse(text: json)) { _, text in Array(text.utf8) }
}

@Suite struct SecretCaptureTests {
  private static let offers = [
    Challenge(
      "asana", headers: [("X-Hook-Secret", "b537207f")], body: "{}", answers: [("X-Hook-Secret", "b537207f")]),
    Challenge("notion", body: #"{"verification_token":"b537207f"}"#),
    Challenge("gusto", body: #"{"verification_token":"b537207f","webhook_subscription_uuid":"u"}"#),
  ]

  @Test(arguments: offers) func `a hook without a secret takes the one that it is offered`(_ offer: Challenge)
    throws
  {
    let handshake = try handshake(offer.provider)
    let answer = try #require(handshake.answer(to: offer.request, HandshakeKeys(), isVerified: false))

    #expect(answer.status == 200)
    #expect(answer.text == "")
    #expect(answer.capturedSecret == bytes("b537207f"))
    #expect(answer.note == nil)
    #expect(handshake.capturesSecret)
    for (name, value) in offer.headers { #expect(answer.header(name) == value) }
  }

  @Test(arguments: offers) func `a secret that is there is never replaced by a stranger's`(_ offer: Challenge)
    throws
  {
    let answer = try #require(
      try handshake(offer.provider).answer(to: offer.request, secret("the old one"), isVerified: false))

    #expect(answer.capturedSecret == nil)
    #expect(answer.note != nil)
    #expect(answer.note?.contains("b537207f") == false)
  }

  @Test(arguments: ["stripe", "slack", "meta"]) func `other providers hand no secret over`(provider: String)
    throws
  {
    #expect(try !handshake(provider).capturesSecret)
  }
}

@Suite struct ConfirmationTests {
  private static let topic = "arn:aws:sns:us-west-2:123456789012:MyTopic"

  private func answer(_ url: String, topics: [String] = [topic]) throws -> HandshakeAnswer? {
    let body = JSON.object(
      JSONObject([
        ("Type", "SubscriptionConfirmation"), ("TopicArn", .string(Self.topic)),
        ("SubscribeURL", .string(url)),
      ]))
    return try handshake("aws-sns").answer(
      to: sampleRequest(body.text), HandshakeKeys(topics: topics), isVerified: true)
  }

  private static func url(_ host: String, scheme: String = "https", path: String = "/", topic: String = topic)
    -> String
  {
    "\(scheme)://\(host)\(path)?Action=ConfirmSubscription&TopicArn=\(topic)&Token=2336412f37"
  }

  @Test(arguments: ["sns.us-west-2.amazonaws.com", "sns.cn-north-1.amazonaws.com.cn"])
  func `a subscription to the configured topic is to be confirmed`(host: String) throws {
    let answer = try #require(try answer(Self.url(host)))

    #expect(answer.status == 200)
    #expect(answer.body.isEmpty)
    #expect(answer.confirmation == Self.url(host))
  }

  @Test(arguments: [
    url("sns.us-west-2.amazonaws.com", scheme: "http"), url("sns.us-west-2.amazonaws.com.evil.example"),
    url("sns.us-west-2.amazonaws.com:8443"), url("user@sns.us-west-2.amazonaws.com"),
    url("evil.sns.us-west-2.amazonaws.com"), url("sns.amazonaws.com"), url("sns.a.amazonaws.com"),
    url("sns.us_west.amazonaws.com"), url("s3.us-west-2.amazonaws.com"), url("sns.us-west-2.amazonaws.org"),
    url("169.254.169.254"), url("sns.us-west-2.amazonaws.com", path: "/other"),
    url("sns.us-west-2.amazonaws.com") + "#x", url("sns.us-west-2.amazonaws.com") + " x",
    "https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe&TopicArn=\(topic)",
    "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription", "not a url",
  ]) func `an address that could lead elsewhere is refused`(url: String) throws {
    let answer = try #require(try answer(url))

    #expect(answer.status == 403)
    #expect(answer.confirmation == nil)
  }

  @Test func `a subscription to another topic is answered and not confirmed`() throws {
    let answer = try #require(
      try answer(Self.url("sns.us-west-2.amazonaws.com"), topics: ["arn:aws:sns:eu-west-1:1:Mine"]))

    #expect(answer.status == 200)
    #expect(answer.confirmation == nil)
    #expect(answer.note != nil)
  }

  @Test func `the topics are the configuration's topic, or its secrets`() throws {
    let named = try configuration(#"{"provider":"aws-sns","topic":"arn:a"}"#)
    let secret = try configuration(#"{"provider":"aws-sns","secret":["arn:b","arn:c"]}"#)

    #expect(HandshakeKeys(named, endpoint: "").topics == ["arn:a"])
    #expect(HandshakeKeys(secret, endpoint: "").topics == ["arn:b", "arn:c"])
  }
}
