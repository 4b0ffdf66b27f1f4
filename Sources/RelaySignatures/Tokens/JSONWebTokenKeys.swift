internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel

/// The operator's keys for tokens, and the algorithms that may be used with them.
///
/// An HMAC algorithm is tried with secrets only and a public-key one with public keys only, so that a
/// public key can never serve as an HMAC secret.
struct JSONWebTokenKeys: Sendable {
  private let algorithms: [JSONWebTokenAlgorithm]
  private let secrets: [(algorithm: JSONWebTokenAlgorithm, key: HMACKey, index: Int)]
  private let webKeys: [JSONWebKey]
  private let publicKeys: [PublicKey]

  init(
    _ algorithms: [JSONWebTokenAlgorithm], _ configuration: VerifyConfiguration
  ) throws(SignatureError) {
    self.algorithms = algorithms
    var secrets: [(JSONWebTokenAlgorithm, HMACKey, Int)] = []
    for algorithm in algorithms {
      guard let digest = algorithm.hmac else { continue }
      for (index, secret) in configuration.secrets.enumerated() {
        do {
          secrets.append((algorithm, try HMACKey(digest, secret: secret), index))
        } catch {
          throw .key(member: "secret", error)
        }
      }
    }
    var webKeys: [JSONWebKey] = []
    for key in configuration.webKeys { webKeys.append(try JSONWebKey(key)) }
    self.secrets = secrets
    self.webKeys = webKeys
    self.publicKeys = configuration.publicKeys.isEmpty ? [] : try configuration.requiredPublicKeys()
    guard !secrets.isEmpty || !webKeys.isEmpty || !publicKeys.isEmpty else {
      let member = algorithms.contains { $0.hmac != nil } ? "secret" : "jwks"
      throw .configuration(member: member, why: "is missing")
    }
  }

  /// Which key signed `message` under the token's header. Throws where none did, or the algorithm is
  /// not accepted.
  func verify(_ token: JSONWebToken, over message: [UInt8]? = nil) throws(Refusal) -> Int {
    guard let algorithm = token.header["alg"]?.string.flatMap(JSONWebTokenAlgorithm.init(rawValue:)),
      algorithms.contains(algorithm)
    else { throw Refusal(.noMatchingSignature, "the token's algorithm is not accepted") }
    let message = message ?? token.signed
    let match =
      if let scheme = algorithm.scheme {
        publicKeyIndex(token, algorithm, scheme, message)
      } else {
        try secretIndex(token, algorithm, message)
      }
    guard let match else { throw Refusal(.noMatchingSignature, "no configured key has signed the token") }
    return match
  }

  private func secretIndex(
    _ token: JSONWebToken, _ algorithm: JSONWebTokenAlgorithm, _ message: [UInt8]
  ) throws(Refusal) -> Int? {
    for entry in secrets where entry.algorithm == algorithm {
      do {
        if ConstantTime.equal(try entry.key.code(message), token.signature) { return entry.index }
      } catch {
        throw .undecidable(error)
      }
    }
    return nil
  }

  private func publicKeyIndex(
    _ token: JSONWebToken, _ algorithm: JSONWebTokenAlgorithm, _ scheme: SignatureScheme, _ message: [UInt8]
  ) -> Int? {
    let id = token.header["kid"]?.string
    for (index, candidate) in webKeys.enumerated() where !candidate.isExpired {
      if let id, let own = candidate.id, id != own { continue }
      if let only = candidate.algorithm, only != algorithm.rawValue { continue }
      if candidate.key.verifies(token.signature, over: message, scheme) { return index }
    }
    return publicKeys.firstIndex { $0.verifies(token.signature, over: message, scheme) }
  }
}
