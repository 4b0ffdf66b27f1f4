/// What can go wrong between us and OpenSSL. Messages name the call or the form expected; they never
/// hold key material.
package enum CryptoError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Key material that is empty, of the wrong form, or of the wrong kind: refuse the configuration.
  case unusableKey(String)
  /// A sealed box that was cut, changed, or sealed under another key or context: refuse it.
  case notAuthentic
  /// OpenSSL refused a call that only fails without memory or entropy: refuse what was asked.
  case failed(call: String)

  package var description: String {
    switch self {
    case .unusableKey(let why): "the key cannot be used: \(why)"
    case .notAuthentic: "the sealed value was changed, or sealed under another key"
    case .failed(let call): "OpenSSL's \(call) failed"
    }
  }
}
