package import RelayCrypto
package import RelayModel

/// Why a `verify:` cannot be used, or a request cannot be signed. Always the operator's to mend, never
/// the sender's: what a sender gets wrong is a `Refusal`. The sentences hold no key material.
package enum SignatureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// `provider` names no preset; the nearest name, where one is near.
  case unknownProvider(String, suggestion: String?)
  /// A member of the `verify:` object that is missing, misspelt or has a wrong value. `member` is its
  /// dotted path: `signature.format`.
  case configuration(member: String, why: String)
  /// Key material that cannot be used. `member` says which: `secret`, `public_key`, …
  case key(member: String, CryptoError)
  /// A secret, key or token that cannot be had.
  case secret(member: String, SecretError)
  /// The scheme cannot be signed with what an operator holds; the sentence says why.
  case cannotSign(String)

  package var description: String {
    switch self {
    case .unknownProvider(let name, let suggestion):
      "unknown provider \(name)" + (suggestion.map { "; did you mean \($0)?" } ?? "")
    case .configuration(let member, let why): "\(member): \(why)"
    case .key(let member, let error): "\(member): \(error)"
    case .secret(let member, let error): "\(member): \(error)"
    case .cannotSign(let why): why
    }
  }
}

/// Gives the bytes that the text of a secret, a key or a token stands for: it reads references (`env:`,
/// `vault:`, …) where those are used, or just takes the text. `member` is where the text stands:
/// `secret`, `public_key`, `jwks`, `certificates` or `verify_token`.
package typealias SecretResolver = (_ member: String, _ text: String) throws(SecretError) -> [UInt8]
