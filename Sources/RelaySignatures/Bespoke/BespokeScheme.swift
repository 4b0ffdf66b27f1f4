/// Schemes that the grammar does not cover. Each can be named in a configuration as well as in a preset.
enum BespokeScheme: String, Sendable, CaseIterable {
  /// Amazon SNS: the signature stands in the JSON body and covers some of its members.
  case amazonSNS = "aws-sns"
  /// eBay: a base64 JSON header with the signature, and the id of its key.
  case ebay
  /// HTTP signatures as in draft-cavage (Keygen).
  case httpSignatures = "http-signatures"
  /// HTTP Message Signatures, RFC 9421 (MailChannels).
  case httpMessageSignatures = "http-message-signatures"
  /// A JSON Web Signature without its payload, which is the body (Constant Contact).
  case detachedJWS = "detached-jws"

  /// The scheme with the operator's keys.
  func prepare(_ configuration: VerifyConfiguration) throws(SignatureError) -> any Scheme {
    switch self {
    case .amazonSNS: try AmazonSNSScheme(configuration)
    case .ebay: try EBayScheme(configuration)
    case .httpSignatures: try HTTPSignaturesScheme(configuration)
    case .httpMessageSignatures: try HTTPMessageSignaturesScheme(configuration)
    case .detachedJWS: try DetachedJWSScheme(configuration)
    }
  }
}
