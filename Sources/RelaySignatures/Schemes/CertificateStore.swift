internal import RelayCrypto
internal import RelayModel

/// The certificates that an operator has put beside the addresses under which requests name them.
struct CertificateStore: Sendable {
  private let rule: CertificateRule
  private let keys: [String: PublicKey]

  init(_ rule: CertificateRule, _ configuration: VerifyConfiguration) throws(SignatureError) {
    self.rule = rule
    self.keys = try Self.keys(configuration)
  }

  /// The public keys of the operator's certificates, by address.
  static func keys(_ configuration: VerifyConfiguration) throws(SignatureError) -> [String: PublicKey] {
    var keys: [String: PublicKey] = [:]
    for (address, pem) in configuration.certificates {
      do {
        keys[address] = try PublicKey(pem: pem)
      } catch {
        throw .key(member: "certificates.\(address)", error)
      }
    }
    return keys
  }

  /// The key of the certificate that the request names. Throws where the address is not the
  /// provider's, or the certificate is not known.
  func key(_ reader: inout RequestReader) throws(Refusal) -> PublicKey {
    let address = try reader.required(.header(rule.header)).text
    let url = RequestURL(address)
    guard url.scheme == "https", rule.hosts.contains(url.authority), url.path.hasPrefix(rule.path) else {
      throw Refusal(.unknownSource, "the header \(rule.header) names an address that is not the provider's")
    }
    guard let key = keys[address] else {
      throw Refusal(.unknownSource, "the certificate that \(rule.header) names is not configured")
    }
    return key
  }
}
