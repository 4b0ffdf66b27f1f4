internal import RelayCrypto

/// How the bytes of a signature are written.
enum SignatureEncoding: String, Sendable, CaseIterable {
  case hex, base64, base64url
  /// Base64 of an ECDSA signature in its DER form.
  case base64DER = "base64-der"

  /// The bytes; nil where the text is not of this encoding. Hex digits may be of either case, padding
  /// may be missing.
  func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard !text.isEmpty else { return nil }
    return switch self {
    case .hex: Hex.decode(text.span)
    case .base64, .base64DER: Base64.standard.decode(text.span)
    case .base64url: Base64.urlSafe.decode(text.span)
    }
  }

  func encode(_ bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .hex: Hex.encode(bytes)
    case .base64, .base64DER: Base64.standard.encode(bytes)
    case .base64url: Base64.urlSafe.encode(bytes)
    }
  }
}
