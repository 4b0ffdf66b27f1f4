import RelayCrypto
import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

@Suite struct RefusalTests {
  @Test func `no refusal shows a secret, a signature or the body`() throws {
    for literal in try PresetLiteral.all() {
      guard let refused = literal.refused, let line = refused.object else { continue }
      let detail = refused.judged["detail"]?.string ?? ""
      #expect(!detail.isEmpty, "\(literal.provider)")
      let secret = line["secret"]?.string ?? ""
      #expect(secret.isEmpty || !detail.contains(secret), "\(literal.provider): \(detail)")
      for header in line["headers"]?.array ?? [] {
        let value = header.array?.last?.string ?? ""
        #expect(value.utf8.count < 12 || !detail.contains(value), "\(literal.provider): \(detail)")
      }
    }
  }

  @Test func `a refusal says what to look at`() throws {
    func detail(_ change: (inout Trial) throws -> Void) throws -> String {
      let time = Trial.now.seconds
      let trial = try Trial(["provider": "stripe", "secret": "otter"]).with {
        $0.headers = [("Stripe-Signature", "t=\(time),v1=\(try Trial.code("\(time).\($0.bodyText)"))")]
        try change(&$0)
      }
      do {
        _ = try trial.run()
        return "accepted"
      } catch let refusal as Refusal {
        return refusal.detail
      }
    }
    #expect(try detail { _ in } == "accepted")
    #expect(try detail { $0.headers = [] } == "the header Stripe-Signature is missing")
    #expect(
      try detail { $0.headers = [("Stripe-Signature", "t=1")] }
        == "the header Stripe-Signature holds no signature in hex under v1")
    #expect(
      try detail { $0.at = Timestamp(seconds: $0.at.seconds + 1000) }
        == "it was signed 16 min ago; at most 5 min is accepted")
    #expect(
      try detail { $0.at = Timestamp(seconds: $0.at.seconds - 400) }
        == "it was signed 6 min ahead of our clock; at most 5 min is accepted")
    #expect(try detail { $0.body = [] } == "no signature of the request matches a configured key")
  }

  @Test func `basic credentials and tokens are compared whole`() throws {
    let basic = Trial(["provider": "postmark", "secret": "user:pass:word"])
    func credentials(_ text: String) -> [(String, String)] {
      [("Authorization", "basic \(Base64.standard.text(Array(text.utf8)))")]
    }
    #expect(try basic.with { $0.headers = credentials("user:pass:word") }.refusal() == nil)
    #expect(try basic.with { $0.headers = credentials("user:pass") }.refusal() == .noMatchingSignature)
    #expect(try basic.with { $0.headers = [("Authorization", "Basic ?")] }.refusal() == .malformedHeader)
    #expect(try basic.refusal() == .missingHeader)
    let token = Trial(["provider": "brevo", "secret": "otter"])
    #expect(try token.with { $0.headers = [("Authorization", "Bearer otter")] }.refusal() == nil)
    #expect(
      try token.with { $0.headers = [("Authorization", "Bearer otte")] }.refusal() == .noMatchingSignature)
    #expect(try token.with { $0.headers = [("Authorization", "otter")] }.refusal() == .malformedHeader)
    #expect(try token.with { $0.headers = [("Authorization", "Bearer ")] }.refusal() == .malformedHeader)
  }
}
