internal import RelayModel

/// One explanation of a refusal, and what mends it.
package struct Finding: Sendable, Hashable {
  /// The stable name of the explanation.
  package enum Code: String, Sendable, CaseIterable {
    case unusableKey = "unusable_key"
    case otherProvider = "other_provider"
    case headerDropped = "header_dropped"
    case headerRenamed = "header_renamed"
    case clock, late
    case untimely
    case otherHook = "other_hook"
    case previousSecret = "previous_secret"
    case whitespace
    case secretEncoding = "secret_encoding"
    case apiKey = "api_key"
    case digestEncoding = "digest_encoding"
    case bodyChanged = "body_changed"
    case cutBody = "body_cut"
    case address
    case otherAlgorithm = "other_algorithm"
    case contentEncoding = "content_encoding"
    case contentLength = "content_length"
  }

  package var code: Code
  /// Whether a verification succeeded once this was put right; else it is only likely.
  package var isProved: Bool
  /// What is wrong, in a sentence.
  package var what: String
  /// What to do, in a sentence.
  package var fix: String

  init(_ code: Code, isProved: Bool = true, _ what: String, fix: String) {
    self.code = code
    self.isProved = isProved
    self.what = what
    self.fix = fix
  }
}

extension Finding {
  static func unusableKey(_ error: SignatureError) -> Finding {
    Finding(.unusableKey, "the hook's verify cannot be used: \(error)", fix: "mend this member of verify")
  }

  /// The signature is right; only its instant is not.
  static func time(_ signedAt: Timestamp, now: Timestamp) -> Finding {
    let age = now - signedAt
    guard age < .zero else {
      return Finding(
        .late, "the signature is right, but it was made \(age.spoken) before it came",
        fix:
          "check this machine's clock (timedatectl); if it is right, the request was held back or replayed: "
          + "send it again from the provider")
    }
    return Finding(
      .clock,
      "the signature is right, but its instant lies \((Duration.zero - age).spoken) ahead of our clock",
      fix: "set this machine's clock (timedatectl)")
  }

  static let untimely = Finding(
    .untimely, isProved: false,
    "the request is too old or ahead of our clock, and its signature fits no known key",
    fix: "check this machine's clock (timedatectl), then send the event again from the provider")

  static let cutBody = Finding(
    .cutBody, isProved: false, "the kept copy of the body was cut, so that no signature can match it",
    fix: "send the event again from the provider")

  static let apiKey = Finding(
    .apiKey, isProved: false, "the configured secret looks like an API key",
    fix: "configure the signing secret that the provider shows beside the webhook, not the key of its API")

  static let contentEncoding = Finding(
    .contentEncoding, isProved: false, "the body came compressed; the signature may cover it uncompressed",
    fix: "let no proxy compress or unpack requests on their way here")

  static let contentLength = Finding(
    .contentLength, isProved: false, "Content-Length differs from the number of bytes that came",
    fix: "let the proxy in front pass bodies on as they are")
}

/// Keys of APIs, which are often taken for signing secrets.
enum APIKey {
  private static let prefixes = [
    "sk_live_", "sk_test_", "pk_live_", "pk_test_", "rk_live_", "rk_test_", "sk-", "xoxb-", "xoxp-", "ghp_",
    "gho_",
    "github_pat_", "glpat-", "shpat_", "SG.", "re_", "AIza", "AKIA",
  ]

  static func isLikely(_ secret: [UInt8]) -> Bool { prefixes.contains { secret.starts(with: $0.utf8) } }
}
