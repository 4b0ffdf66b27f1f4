internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel

extension VerifyRule {
  /// The members of a scheme that is written out.
  static let members = [
    "type", "alg", "key", "signature", "signed", "timestamp", "claims", "each", "groups", "scheme",
    "body_digest", "certificate", "header",
  ]

  private enum Kind: String, CaseIterable {
    case hmac, hash, ed25519
    case p256 = "ecdsa-p256"
    case rsa = "rsa-sha256"
    case rsa512 = "rsa-sha512"
    case jwt, token, basic, none, bespoke
  }

  /// Reads a `verify:` in the grammar.
  init(_ object: JSONObject) throws(SignatureError) {
    let reader = try MemberReader(object, at: "", known: Self.members)
    switch try reader.choice("type", Kind.self) {
    case .hmac: self = .message(try MessageRule(reader) { .hmac($0) })
    case .hash: self = .message(try MessageRule(reader) { .hash($0) })
    case .ed25519: self = .message(try MessageRule(reader, scheme: .ed25519))
    case .p256: self = .message(try MessageRule(reader, scheme: .p256DER))
    case .rsa: self = .message(try MessageRule(reader, scheme: .rsaSHA256))
    case .rsa512: self = .message(try MessageRule(reader, scheme: .rsaSHA512))
    case .jwt: self = .jsonWebToken(try JSONWebTokenRule(reader))
    case .token: self = .token(try TokenRule(reader))
    case .basic: self = .basic(header: try reader.signature()?.string("name") ?? "Authorization")
    case .none: self = .none
    case .bespoke: self = .bespoke(try reader.choice("scheme", BespokeScheme.self))
    }
  }
}

extension MessageRule {
  fileprivate init(
    _ reader: MemberReader, _ algorithm: (DigestAlgorithm) -> Algorithm
  ) throws(SignatureError) {
    let digest = try reader.choice("alg", DigestAlgorithm.self)
    let key = reader.value("key") == nil ? .utf8 : try reader.choice("key", KeyForm.self)
    guard !key.isPublic else { throw reader.failure("key", "is a public key; the type takes a secret") }
    try self.init(reader, algorithm(digest), key)
  }

  fileprivate init(_ reader: MemberReader, scheme: SignatureScheme) throws(SignatureError) {
    let key = try reader.choice("key", KeyForm.self)
    guard key.isPublic else { throw reader.failure("key", "must be a public key") }
    try self.init(reader, .publicKey(scheme), key)
  }

  private init(
    _ reader: MemberReader, _ algorithm: Algorithm, _ key: KeyForm
  ) throws(SignatureError) {
    guard let signature = try reader.signature() else { throw reader.failure("signature", "is missing") }
    self.algorithm = algorithm
    self.key = key
    self.signature = try SignatureRule(signature, groups: try reader.string("groups"))
    let templates = try reader.strings("signed")
    guard !templates.isEmpty else { throw reader.failure("signed", "is missing") }
    self.signed = []
    for template in templates { signed.append(try SigningTemplate(template)) }
    self.timestamp = try reader.timestamp()
    self.each = try reader.each("each")
    self.bodyDigestQuery = try reader.string("body_digest")
    self.certificate = try reader.certificate()
    if algorithm.isHash, !signed.allSatisfy(\.namesSecret) {
      throw reader.failure("signed", "a hash without {secret} proves nothing")
    }
    if timestamp == nil, signed.contains(where: \.namesTimestamp) {
      throw reader.failure("timestamp", "is missing; signed names {ts}")
    }
  }
}

extension MessageRule.Algorithm {
  var isHash: Bool { if case .hash = self { true } else { false } }
}

extension TokenRule {
  fileprivate init(_ reader: MemberReader) throws(SignatureError) {
    guard let signature = try reader.signature() else { throw reader.failure("signature", "is missing") }
    prefix = [UInt8](try signature.string("prefix") ?? "")
    let name = try signature.required("name")
    // `value[].clientState` is the value of every element.
    if try signature.string("from") == "json", let path = EachPath(name) {
      each = path.elements
      source = .json(path.inner)
    } else {
      each = try reader.each("each")
      source = try signature.source("from")
    }
  }
}

extension JSONWebTokenRule {
  fileprivate init(_ reader: MemberReader) throws(SignatureError) {
    guard let signature = try reader.signature() else { throw reader.failure("signature", "is missing") }
    source = try signature.source("from")
    prefix = [UInt8](try signature.string("prefix") ?? "")
    algorithms = []
    for name in try reader.required("alg").split(separator: "|") {
      guard let algorithm = JSONWebTokenAlgorithm(rawValue: String(name)) else {
        throw reader.failure("alg", "unknown algorithm \(name)")
      }
      algorithms.append(algorithm)
    }
    claims = []
    guard let object = reader.value("claims")?.object else { throw reader.failure("claims", "is missing") }
    for member in object.members {
      guard let text = member.value.string, let rule = ClaimRule(claim: member.name, text) else {
        throw reader.failure("claims.\(member.name)", "is no demand on a claim")
      }
      claims.append(rule)
    }
  }
}

extension MemberReader {
  fileprivate static let signatureMembers = [
    "from", "name", "format", "encoding", "prefix", "sep", "key", "groups", "tag", "also", "numbered",
    "multi_header", "alg_header", "algs",
  ]

  fileprivate func signature() throws(SignatureError) -> MemberReader? {
    try child("signature", known: Self.signatureMembers)
  }

  fileprivate func each(_ member: String) throws(SignatureError) -> EachPath? {
    guard let text = try string(member) else { return nil }
    guard let each = EachPath(text) else { throw failure(member, "must be a path with [] in it") }
    return each
  }

  fileprivate func timestamp() throws(SignatureError) -> TimestampRule? {
    let known = ["from", "name", "unit", "tolerance", "fallback"]
    guard let reader = try child("timestamp", known: known) else { return nil }
    return TimestampRule(
      source: try reader.source("from"), unit: try reader.choice("unit", TimestampUnit.self),
      tolerance: try reader.tolerance("tolerance"),
      fallback: try reader.string("fallback").map { .header($0) })
  }

  fileprivate func certificate() throws(SignatureError) -> CertificateRule? {
    guard let reader = try child("certificate", known: ["header", "hosts", "path"]) else { return nil }
    return CertificateRule(
      header: try reader.required("header"), hosts: try reader.strings("hosts"),
      path: try reader.required("path"))
  }

  /// A number of seconds, or a duration as the configuration writes it; nil for none.
  func tolerance(_ member: String) throws(SignatureError) -> Duration? {
    guard let value = value(member) else { return nil }
    if let seconds = value.int, seconds >= 0, seconds <= 31_536_000 { return .seconds(seconds) }
    guard let duration = value.string.flatMap({ Duration(text: $0) }) else {
      throw failure(member, "must be a number of seconds or a duration such as 5m")
    }
    return duration
  }

  func source(_ member: String) throws(SignatureError) -> ValueSource {
    let place = try required(member)
    if place == "body" { return .body }
    let name = try required("name")
    switch place {
    case "header": return .header(name)
    case "query": return .query(name)
    case "form": return .form(name)
    case "signature": return .signature(name)
    case "json":
      guard let path = JSONPath(name) else { throw failure("name", "\(name) is no path") }
      return .json(path)
    case let other: throw failure(member, "\(other) is none of header, query, form, json, body")
    }
  }
}
