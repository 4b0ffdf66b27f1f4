import RelayCrypto
import RelayDocuments
import RelayModel
import RelaySignatures

/// A verification put together by a test: what is configured, what is sent, and when.
struct Trial {
  static let now = Timestamp(seconds: 1_795_600_000)

  var verify: JSON
  var method = "POST"
  var url = "https://hooks.example.org/in?a=1"
  var headers: [(String, String)] = []
  var body = Array(#"{"kind":"bird.seen"}"#.utf8)
  var at = Trial.now

  init(_ verify: JSON) { self.verify = verify }

  /// An HMAC-SHA256 scheme that is all default but for `members`, under the secret `otter`.
  static func hmac(_ members: (String, JSON)..., signature: (String, JSON)...) -> Trial {
    var rule = JSONObject([
      ("type", "hmac"), ("alg", "sha256"), ("signed", "{body}"), ("secret", "otter"),
    ])
    var place = JSONObject([("from", "header"), ("name", "X-Sig"), ("encoding", "hex")])
    for member in signature { place[member.0] = member.1 }
    rule["signature"] = .object(place)
    for member in members { rule[member.0] = member.1 }
    return Trial(.object(rule))
  }

  /// The code of `message` in lower-case hex.
  static func code(_ message: String, secret: String = "otter") throws -> String {
    Hex.text(try HMACKey(.sha256, secret: Array(secret.utf8)).code(Array(message.utf8)))
  }

  static func base64(_ hex: String) -> String { Base64.standard.text(Hex.decode(hex.utf8) ?? []) }

  var bodyText: String { String(decoding: body, as: UTF8.self) }

  func with(_ change: (inout Trial) throws -> Void) rethrows -> Trial {
    var changed = self
    try change(&changed)
    return changed
  }

  func configuration() throws -> VerifyConfiguration {
    try VerifyConfiguration(verify) { _, text in Array(text.utf8) }
  }

  /// What the verifier says: nil for accepted, or the refusal's code.
  func refusal() throws -> RefusalCode? {
    do {
      _ = try run()
      return nil
    } catch let refusal as Refusal {
      return refusal.code
    }
  }

  func run() throws -> Verified {
    let request = SignedRequest(method: method, url: url, headers: HeaderFields(headers), body: body)
    return try Verifier(configuration()).verify(request, at: at)
  }
}
