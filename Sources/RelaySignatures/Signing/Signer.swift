internal import RelayCrypto
package import RelayModel

/// Signs requests as a provider would: for `petrel sign` and `send`, and for what a workflow forwards.
/// Built once, used from any thread.
package struct Signer: Sendable {
  /// One header of a signed request.
  package typealias Header = (name: String, value: String)

  private let signer: any SchemeSigner

  /// Prepares the first of the configured secrets; for a public-key scheme that secret is a PEM private
  /// key. Throws `cannotSign` where only the provider can sign, or the signature stands in the body.
  package init(_ configuration: VerifyConfiguration) throws(SignatureError) {
    signer = try Self.signer(configuration)
  }

  /// The headers that make `request` a validly signed one; they replace those of the same names.
  ///
  /// - Parameters:
  ///   - request: what will be sent; its URL matters only where the scheme signs it.
  ///   - id: the delivery's id, for schemes that sign one: the same for every attempt of a delivery.
  package func sign(
    _ request: SignedRequest, at now: Timestamp, id: String
  ) throws(SignatureError) -> [Header] {
    try signer.sign(request, at: now, id: id)
  }

  private static func signer(_ configuration: VerifyConfiguration) throws(SignatureError) -> any SchemeSigner
  {
    guard let scheme = configuration.schemes.first else { return NothingToSign() }
    switch try VerifyRule(scheme) {
    case .message(let rule): return try MessageSigner(rule.applying(configuration), configuration)
    case .token(let rule):
      guard case .header(let name) = rule.source else { throw .inBody }
      return FixedHeaderSigner(
        name: configuration.option("header") ?? name, value: rule.prefix + (try configuration.signingSecret())
      )
    case .basic(let header):
      let credentials = Base64.standard.encode(try configuration.signingSecret())
      return FixedHeaderSigner(
        name: configuration.option("header") ?? header, value: [UInt8]("Basic ") + credentials)
    case .jsonWebToken(let rule): return try JSONWebTokenSigner(rule, configuration)
    case .none: return NothingToSign()
    case .bespoke(.httpSignatures):
      return HTTPSignaturesSigner(
        key: try configuration.signingKey(), header: configuration.parameter("header") ?? "Signature")
    case .bespoke(.httpMessageSignatures):
      return HTTPMessageSignaturesSigner(key: try configuration.signingKey())
    case .bespoke: throw .thirdParty
    }
  }
}

/// A scheme's signing half.
protocol SchemeSigner: Sendable {
  func sign(_ request: SignedRequest, at now: Timestamp, id: String) throws(SignatureError) -> [Signer.Header]
}

/// A header that is the same in every request.
private struct FixedHeaderSigner: SchemeSigner {
  let name: String
  let value: [UInt8]

  func sign(_ request: SignedRequest, at now: Timestamp, id: String) throws(SignatureError) -> [Signer.Header]
  {
    [(name, value.text)]
  }
}

/// A provider that signs nothing.
private struct NothingToSign: SchemeSigner {
  func sign(_ request: SignedRequest, at now: Timestamp, id: String) throws(SignatureError) -> [Signer.Header]
  {
    []
  }
}

extension SignatureError {
  static let inBody = SignatureError.cannotSign(
    "this provider's signature stands in the body or the query, so no header makes the request valid")
  static let thirdParty = SignatureError.cannotSign(
    "only the provider can sign such requests: the key is its own, published as a certificate or key set")
  static let needsURL = SignatureError.cannotSign("this provider signs the URL, which was not given")
}

extension VerifyConfiguration {
  /// The secret to sign with: the first.
  func signingSecret() throws(SignatureError) -> [UInt8] { try requiredSecrets()[0] }

  /// The private key to sign with: the first secret, in PEM.
  func signingKey() throws(SignatureError) -> PrivateKey {
    let secret = try signingSecret()
    do {
      return try PrivateKey(pem: secret)
    } catch {
      throw .key(member: "secret", error)
    }
  }
}
