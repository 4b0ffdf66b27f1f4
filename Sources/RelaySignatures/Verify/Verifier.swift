internal import RelayDocuments
package import RelayModel

/// Judges the requests of one hook. Built once from its configuration, used from any thread.
package struct Verifier: Sendable {
  /// What the hook's configuration says.
  package let configuration: VerifyConfiguration
  private let schemes: [any Scheme]

  /// Prepares the keys. Throws where the configuration lacks one, or one cannot be used.
  package init(_ configuration: VerifyConfiguration) throws(SignatureError) {
    self.configuration = configuration
    var schemes: [any Scheme] = []
    for scheme in configuration.schemes { schemes.append(try Self.scheme(scheme, configuration)) }
    self.schemes = schemes
  }

  /// Whether anything is verified at all.
  package var verifiesNothing: Bool { schemes.contains { $0 is Unverified } }

  /// Judges one request by the raw bytes, in constant time, before anything of it is believed.
  package func verify(_ request: SignedRequest, at now: Timestamp) throws(Refusal) -> Verified {
    var refusal: Refusal?
    for scheme in schemes {
      do throws(Refusal) {
        return try scheme.verify(request, at: now)
      } catch {
        // The scheme that the request tried is the one that found a signature.
        if refusal == nil || refusal?.code == .missingHeader { refusal = error }
      }
    }
    throw refusal ?? Refusal(.noMatchingSignature, "there is no scheme to verify by")
  }

  private static func scheme(
    _ written: JSONObject, _ configuration: VerifyConfiguration
  ) throws(SignatureError) -> any Scheme {
    switch try VerifyRule(written) {
    case .message(let rule): try MessageScheme(rule, configuration)
    case .token(let rule): try TokenScheme(rule, configuration)
    case .basic(let header): try BasicScheme(header: header, configuration)
    case .jsonWebToken(let rule): try JSONWebTokenScheme(rule, configuration)
    case .none: Unverified()
    case .bespoke(let scheme): try scheme.prepare(configuration)
    }
  }
}

/// A way for a request to prove where it comes from, with the operator's keys in it.
protocol Scheme: Sendable {
  /// Throws the refusal of a request that proves nothing.
  func verify(_ request: SignedRequest, at now: Timestamp) throws(Refusal) -> Verified
}

/// `verify: none`: whoever knows the URL is believed.
struct Unverified: Scheme {
  func verify(_ request: SignedRequest, at now: Timestamp) throws(Refusal) -> Verified { Verified() }
}
