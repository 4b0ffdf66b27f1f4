internal import RelayCrypto
internal import RelayDocuments

/// What a hook's configuration holds that answers to challenges are made with.
package struct HandshakeKeys: Sendable {
  /// A value that a template may take over.
  enum Option: String, Sendable {
    case verifyToken = "verify_token"
    case publicKey = "public_key"
    case endpoint
  }

  /// The hook's secrets; the first is the one that answers are computed with. Empty while a provider
  /// that hands its secret over in a challenge has not done so.
  package var secrets: [[UInt8]]
  /// The configuration's `verify_token`: what the operator typed into the provider's form.
  package var verifyToken: [UInt8]?
  /// The operator's public identifier, where the provider wants it back (Braintree).
  package var publicKey: [UInt8]?
  /// The hook's URL without query, exactly as it is registered with the provider.
  package var endpoint: String
  /// The topics whose subscriptions may be confirmed: the configuration's `topic`, or its secrets.
  package var topics: [String]

  package init(
    secrets: [[UInt8]] = [], verifyToken: [UInt8]? = nil, publicKey: [UInt8]? = nil, endpoint: String = "",
    topics: [String] = []
  ) {
    self.secrets = secrets
    self.verifyToken = verifyToken
    self.publicKey = publicKey
    self.endpoint = endpoint
    self.topics = topics
  }

  /// The keys of a hook.
  ///
  /// - Parameter endpoint: the URL that the provider calls, without query.
  package init(_ configuration: VerifyConfiguration, endpoint: String) {
    let topic = configuration.option("topic").map { [$0] }
    self.init(
      secrets: configuration.secrets, verifyToken: configuration.verifyToken,
      publicKey: configuration.publicKeys.first, endpoint: endpoint,
      topics: topic ?? configuration.secrets.map(\.text))
  }

  /// Nil where it is not configured. A secret stands in for the token: some providers have one only.
  func value(_ option: Option) -> [UInt8]? {
    switch option {
    case .verifyToken: verifyToken ?? secrets.first
    case .publicKey: publicKey
    case .endpoint: endpoint.isEmpty ? nil : [UInt8](endpoint.utf8)
    }
  }

  /// HMAC over `value` under the first secret; nil without one, or where it cannot be a key.
  func code(_ algorithm: DigestAlgorithm, _ form: KeyForm, over value: [UInt8]) -> [UInt8]? {
    guard let secret = secrets.first else { return nil }
    do {
      return try HMACKey(algorithm, secret: form.key(secret)).code(value)
    } catch {
      return nil
    }
  }
}
