/// How an asymmetric signature is made: the kind of key, the digest, and the form of the signature.
package enum SignatureScheme: Sendable, Hashable, CaseIterable {
  case ed25519
  /// ECDSA on P-256 with SHA-256; the signature is a DER sequence.
  case p256DER
  /// The same, as the 64 bytes `r ‖ s` that JSON Web Signatures use.
  case p256Raw
  /// ECDSA on P-256 with SHA-1, DER (eBay).
  case p256SHA1DER
  case rsaSHA1
  case rsaSHA256
  case rsaSHA512
  /// RSASSA-PSS with SHA-256.
  case rsaPSSSHA256

  package var keyKind: KeyKind {
    switch self {
    case .ed25519: .ed25519
    case .p256DER, .p256Raw, .p256SHA1DER: .p256
    case .rsaSHA1, .rsaSHA256, .rsaSHA512, .rsaPSSSHA256: .rsa
    }
  }

  /// Nil where the scheme hashes by itself.
  var digest: DigestAlgorithm? {
    switch self {
    case .ed25519: nil
    case .p256SHA1DER, .rsaSHA1: .sha1
    case .p256DER, .p256Raw, .rsaSHA256, .rsaPSSSHA256: .sha256
    case .rsaSHA512: .sha512
    }
  }

  var usesPSS: Bool { self == .rsaPSSSHA256 }
}
