import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

/// The challenges that lie beside the repository: each gets its answer, with its real signature where it
/// has one.
@Suite struct SharedHandshakeTests {
  @Test(.enabled(if: SharedFiles.exists("signatures/handshakes.json")))
  func `every shared challenge gets its answer`() throws {
    let text = try #require(SharedFiles.read("signatures/handshakes.json"))
    let entries = try #require(try JSON.parse(text).array)
    for entry in entries {
      let provider = try #require(entry["provider"]?.string)
      let answer = try #require(try answer(provider, entry), "\(provider)")
      let wanted = try #require(entry["response"])

      #expect(answer.status == wanted["status"]?.int, "\(provider)")
      #expect(String(decoding: answer.body ?? [], as: UTF8.self) == wanted["body"]?.string, "\(provider)")
      for header in wanted["headers"]?.object?.members ?? [] {
        let value = header.value.string == "<configured value>" ? "configured" : header.value.string
        let given = answer.headers.last { $0.name.lowercased() == header.name.lowercased() }
        #expect(given?.value == value, "\(provider) \(header.name)")
      }
    }
    #expect(entries.count >= 30)
  }

  private func answer(_ provider: String, _ entry: JSON) throws -> FixedAnswer? {
    let request = try request(entry)
    let handshake = try handshake(provider)
    let keys = keys(provider, entry, request)
    if let answer = handshake.answer(to: request, keys, isVerified: false) { return FixedAnswer(answer) }
    if try isVerified(provider, entry, keys, request) {
      return handshake.answer(to: request, keys, isVerified: true).map(FixedAnswer.init)
        ?? handshake.acceptedAnswer(for: request)
    }
    return handshake.refusedAnswer
  }

  /// Judged by the verifier, but for entries that show a placeholder in the place of a signature.
  private func isVerified(
    _ provider: String, _ entry: JSON, _ keys: HandshakeKeys, _ request: SignedRequest
  ) throws -> Bool {
    if ["discord", "aws-sns", "dropbox-sign", "adyen"].contains(provider) { return true }
    let secret = JSON.string(String(decoding: keys.secrets.first ?? [], as: UTF8.self))
    let verify = JSON.object(JSONObject([("provider", .string(provider)), ("secret", secret)]))
    let verifier = try Verifier(configuration(verify.text))
    do throws(Refusal) {
      _ = try verifier.verify(request, at: Timestamp(seconds: 1_790_000_000))
      return true
    } catch {
      return false
    }
  }

  private func keys(_ provider: String, _ entry: JSON, _ request: SignedRequest) -> HandshakeKeys {
    var keys = HandshakeKeys(endpoint: String(request.url.prefix { $0 != "?" }))
    let secret = entry["secret"]?.string
    switch provider {
    case "vercel": keys.verifyToken = bytes("configured")
    case "fitbit": keys.verifyToken = bytes("correctVerificationCode")
    case "braintree": keys.publicKey = bytes("integration_public_key")
    default: break
    }
    if let secret, secret.hasPrefix("verify_token=") {
      keys.verifyToken = bytes(String(secret.dropFirst(13)))
    } else if let secret {
      keys.secrets = [bytes(secret)]
    }
    return keys
  }

  private func request(_ entry: JSON) throws -> SignedRequest {
    let request = try #require(entry["request"])
    let headers = request["headers"]?.object?.members.map { ($0.name, $0.value.string ?? "") } ?? []
    var body = request["body"]?.string ?? ""
    if body.hasPrefix("{\"Type\":\"SubscriptionConfirmation\"") {
      body = body.replacing("TopicArn=...", with: "TopicArn=arn:aws:sns:us-west-2:123456789012:MyTopic")
    }
    return SignedRequest(
      method: request["method"]?.string ?? "POST", url: request["url"]?.string ?? "",
      headers: HeaderFields(headers), body: bytes(body))
  }
}

extension FixedAnswer {
  init(_ answer: HandshakeAnswer) {
    self.init(status: answer.status, headers: answer.headers, body: answer.body)
  }
}
