/// What a claim of a JSON Web Token must say.
struct ClaimRule: Sendable, Hashable {
  enum Demand: Sendable, Hashable {
    /// Lower-case hex of the body's SHA-256; may be missing where `orEmptyBody` and the body is empty.
    case bodyHex(orEmptyBody: Bool)
    /// Base64 of the body's SHA-256.
    case bodyBase64
    /// Hex of the URL's SHA-256.
    case urlHex
    case url
    /// One of these texts.
    case literal([String])
    /// What the operator gave under this name; where nothing was given, anything.
    case option(String)
    /// The same, but the operator must give it.
    case requiredOption(String)
    /// What the operator gave under this name, or else the URL.
    case optionOrURL(String)
    /// Atlassian's hash of method, path and query.
    case requestHash
    /// An instant no longer ago than this many seconds.
    case maxAge(seconds: Int64)
    /// A registered instant (`exp`, `nbf`) that must be there; every token's are checked.
    case present
  }

  var claim: String
  var demand: Demand

  /// Reads a claim as the grammar writes it; nil where it is none of its forms.
  init?(claim: String, _ text: String) {
    self.claim = claim
    switch text {
    case "sha256hex(body)": demand = .bodyHex(orEmptyBody: false)
    case "sha256hex(body)?": demand = .bodyHex(orEmptyBody: true)
    case "base64(sha256(body))": demand = .bodyBase64
    case "sha256hex(url)": demand = .urlHex
    case "url": demand = .url
    case "ok": demand = .present
    case "qsh": demand = .requestHash
    default:
      let parts = text.split(separator: " ")
      if text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") {
        demand = .literal(text.split(separator: "|").map { String($0.dropFirst().dropLast()) })
      } else if parts.count == 4, parts[..<2] == ["max", "age"], parts[3] == "s",
        let seconds = Int64(parts[2])
      {
        demand = .maxAge(seconds: seconds)
      } else if text.hasPrefix("option:"), text.hasSuffix("|url") {
        demand = .optionOrURL(String(text.dropFirst(7).dropLast(4)))
      } else if text.hasPrefix("option:") {
        demand = .option(String(text.dropFirst(7)))
      } else if text.hasPrefix("required:") {
        demand = .requiredOption(String(text.dropFirst(9)))
      } else {
        return nil
      }
    }
  }
}
