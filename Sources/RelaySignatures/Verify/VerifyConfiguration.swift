package import RelayDocuments

/// One hook's `verify:` with its secrets resolved: the operator's half of a verification.
package struct VerifyConfiguration: Sendable {
  /// The preset that `provider` names; nil where the scheme is written out.
  package let preset: Preset?
  /// The scheme in the grammar, and those that serve as well; never empty.
  var schemes: [JSONObject]
  /// The secrets, any of which may have signed. Never empty ones. A handshake may bring another.
  package var secrets: [[UInt8]]
  /// Public keys as the operator gave them: PEM, base64 or hex.
  package let publicKeys: [[UInt8]]
  /// JSON Web Keys.
  package let webKeys: [JSON]
  /// PEM certificates by the address that a request names.
  package let certificates: [String: [UInt8]]
  /// What a subscription handshake must show.
  package let verifyToken: [UInt8]?
  /// Whether secrets of fewer than 16 bytes were allowed in writing.
  package let allowsShortSecrets: Bool
  /// All members as they were written: what a scheme or a handshake asks for by name.
  package internal(set) var options: JSONObject

  /// What stands beside the scheme.
  private static let operatorMembers = [
    "provider", "secret", "public_key", "jwk", "jwks", "certificates", "verify_token", "short_secret",
    "header",
    "timestamp_header", "tolerance", "algorithm", "audience", "issuer", "email", "topic", "api_key",
    "webhook_id",
  ]

  /// Reads a `verify:`: the string `none`, `{provider, secret, …}` or the grammar with `secret`.
  ///
  /// - Parameter resolve: what the text of a secret, key or token stands for.
  package init(_ value: JSON, resolve: SecretResolver) throws(SignatureError) {
    let object = try Self.object(value)
    let isPreset = object["provider"] != nil
    let known = Self.operatorMembers + (isPreset ? [] : VerifyRule.members)
    let reader = try MemberReader(object, at: "", known: known)
    if isPreset {
      let preset = try PresetCatalog.preset(named: try reader.required("provider"))
      self.preset = preset
      self.schemes = preset.verify
    } else {
      self.preset = nil
      self.schemes = [JSONObject(object.members.filter { VerifyRule.members.contains($0.name) })]
    }
    secrets = try Self.resolved("secret", reader, resolve)
    guard !secrets.contains([]) else { throw reader.failure("secret", "is empty") }
    publicKeys = try Self.resolved("public_key", reader, resolve)
    webKeys = try Self.webKeys(reader, resolve)
    certificates = try Self.certificates(reader, resolve)
    verifyToken = try Self.resolved("verify_token", reader, resolve).first
    allowsShortSecrets = try reader.bool("short_secret")
    options = object
  }

  private static func object(_ value: JSON) throws(SignatureError) -> JSONObject {
    switch value {
    case .string("none"): JSONObject([("type", "none")])
    case .object(let object): object
    default: throw .configuration(member: "verify", why: "must be an object, or none")
    }
  }

  private static func resolved(
    _ member: String, _ reader: MemberReader, _ resolve: SecretResolver
  ) throws(SignatureError) -> [[UInt8]] {
    var resolved: [[UInt8]] = []
    for text in try reader.strings(member) { resolved.append(try Self.resolved(member, text, resolve)) }
    return resolved
  }

  private static func resolved(
    _ member: String, _ text: String, _ resolve: SecretResolver
  ) throws(SignatureError) -> [UInt8] {
    do {
      return try resolve(member, text)
    } catch {
      throw .secret(member: member, error)
    }
  }

  private static func parsed(_ text: [UInt8]) throws(SignatureError) -> JSON {
    do {
      return try JSON.parse(text)
    } catch {
      throw .configuration(member: "jwks", why: "is no JSON: \(error)")
    }
  }

  /// A key set stands in the configuration itself, or is a text that gives its JSON.
  private static func webKeys(
    _ reader: MemberReader, _ resolve: SecretResolver
  ) throws(SignatureError) -> [JSON] {
    var keys = reader.value("jwk").map { [$0] } ?? []
    if var set = reader.value("jwks") {
      if let text = set.string { set = try Self.parsed(try Self.resolved("jwks", text, resolve)) }
      guard let more = set["keys"]?.array ?? set.array else {
        throw reader.failure("jwks", "must be an object with keys")
      }
      keys += more
    }
    return keys
  }

  private static func certificates(
    _ reader: MemberReader, _ resolve: SecretResolver
  ) throws(SignatureError) -> [String: [UInt8]] {
    guard let value = reader.value("certificates") else { return [:] }
    guard let object = value.object else { throw reader.failure("certificates", "must be an object") }
    var certificates: [String: [UInt8]] = [:]
    for member in object.members {
      guard let text = member.value.string else {
        throw reader.failure("certificates", "must map addresses to PEM texts")
      }
      certificates[member.name] = try Self.resolved("certificates", text, resolve)
    }
    return certificates
  }

  /// A text option; nil where it was not given.
  package func option(_ name: String) -> String? { options[name]?.string }

  /// A text option of the operator's, or else of the scheme's.
  func parameter(_ name: String) -> String? { option(name) ?? schemes.first?[name]?.string }
}
