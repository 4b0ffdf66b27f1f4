internal import RelayCrypto

/// Where the signature of a request is found and how it is read.
struct SignatureRule: Sendable {
  var source: ValueSource
  var format: SignatureFormat
  var encoding: SignatureEncoding
  /// What must stand before the signature, compared without case.
  var prefix: [UInt8]
  /// Other headers that may carry one more signature.
  var also: [String]
  /// Headers of this beginning, numbered from 1, each with a signature.
  var numbered: (prefix: String, max: Int)?
  /// Whether the header may be repeated.
  var mayRepeat: Bool
  /// A header that says which of some algorithms was used.
  var algorithmHeader: (name: String, algorithms: [String: DigestAlgorithm])?
}
