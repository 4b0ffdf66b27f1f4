internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel

/// A static token that the sender repeats in every request.
struct TokenScheme: Scheme {
  private let rule: TokenRule
  private let secrets: [[UInt8]]

  init(_ rule: TokenRule, _ configuration: VerifyConfiguration) throws(SignatureError) {
    var rule = rule
    if let header = configuration.option("header"), case .header = rule.source {
      rule.source = .header(header)
    }
    self.rule = rule
    self.secrets = try configuration.requiredSecrets()
  }

  func verify(_ request: SignedRequest, at now: Timestamp) throws(Refusal) -> Verified {
    var reader = RequestReader(request)
    guard let each = rule.each else { return try verify(&reader, element: nil) }
    var verified = Verified()
    for element in try each.values(in: try reader.json()) { verified = try verify(&reader, element: element) }
    return verified
  }

  private func verify(_ reader: inout RequestReader, element: JSON?) throws(Refusal) -> Verified {
    let value = try reader.required(rule.source, in: element)
    guard let token = value.dropping(prefix: rule.prefix) else {
      throw Refusal(.malformedHeader, "\(rule.source.text) does not begin with \(rule.prefix.text)")
    }
    guard let index = secrets.firstIndex(where: { ConstantTime.equal($0.span, token.span) }) else {
      throw Refusal(.noMatchingSignature, "\(rule.source.text) is not a configured secret")
    }
    return Verified(keyIndex: index)
  }
}

/// HTTP Basic credentials; the secret is `user:password`.
struct BasicScheme: Scheme {
  private let header: String
  private let secrets: [[UInt8]]

  init(header: String, _ configuration: VerifyConfiguration) throws(SignatureError) {
    self.header = configuration.option("header") ?? header
    self.secrets = try configuration.requiredSecrets()
  }

  func verify(_ request: SignedRequest, at now: Timestamp) throws(Refusal) -> Verified {
    var reader = RequestReader(request)
    let value = try reader.required(.header(header))
    guard let text = value.dropping(prefix: [UInt8]("Basic ")),
      let credentials = Base64.standard.decode(text.trimmingBlanks)
    else { throw Refusal(.malformedHeader, "the header \(header) holds no Basic credentials") }
    guard let index = secrets.firstIndex(where: { ConstantTime.equal($0, credentials) }) else {
      throw Refusal(.noMatchingSignature, "the credentials are not the configured ones")
    }
    return Verified(keyIndex: index)
  }
}
