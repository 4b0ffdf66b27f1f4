internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel

/// A token whose claims bind the request.
struct JSONWebTokenScheme: Scheme {
  private let rule: JSONWebTokenRule
  private let keys: JSONWebTokenKeys
  private let configuration: VerifyConfiguration

  init(_ rule: JSONWebTokenRule, _ configuration: VerifyConfiguration) throws(SignatureError) {
    self.rule = rule
    self.keys = try JSONWebTokenKeys(rule.algorithms, configuration)
    self.configuration = configuration
    for claim in rule.claims {
      if case .requiredOption(let name) = claim.demand, configuration.option(name) == nil {
        throw .configuration(member: name, why: "is missing")
      }
    }
  }

  func verify(_ request: SignedRequest, at now: Timestamp) throws(Refusal) -> Verified {
    var reader = RequestReader(request)
    let value = try reader.required(rule.source)
    guard let text = value.dropping(prefix: rule.prefix) else {
      throw Refusal(.malformedHeader, "\(rule.source.text) does not begin with \(rule.prefix.text)")
    }
    let token = try JSONWebToken(text)
    let index = try keys.verify(token)
    let claims = TokenClaims(try token.claims())
    try claims.checkInstants(at: now)
    for claim in rule.claims { try claims.check(claim, request, configuration, at: now) }
    return Verified(
      keyIndex: index, signedAt: claims.instant("iat"), signature: token.signature, coversDelivery: true)
  }
}

/// The claims of a token whose signature was good.
struct TokenClaims {
  /// A sender's clock may be this much ahead of ours.
  private static let leeway = Duration.seconds(60)
  private let claims: JSONObject

  init(_ claims: JSONObject) { self.claims = claims }

  /// A claim in seconds since the epoch.
  func instant(_ name: String) -> Timestamp? {
    guard case .number(let number)? = claims[name], number.double.magnitude < 1e12 else { return nil }
    return Timestamp(milliseconds: Int64(number.double * 1000))
  }

  func string(_ name: String) -> String? { claims[name]?.string }

  /// `exp`, `nbf` and `iat`, where the token has them.
  func checkInstants(at now: Timestamp) throws(Refusal) {
    if let expiry = claims["exp"], expiry != .null {
      guard let instant = instant("exp"), now < instant else {
        throw Refusal(.timestampOutOfTolerance, "the token has expired")
      }
    }
    for name in ["nbf", "iat"] where claims[name] != nil {
      guard let instant = instant(name), instant <= now + Self.leeway else {
        throw Refusal(.timestampOutOfTolerance, "the token's \(name) lies ahead of our clock")
      }
    }
  }

  /// Throws where the claim is missing or says something else.
  func check(
    _ rule: ClaimRule, _ request: SignedRequest, _ configuration: VerifyConfiguration, at now: Timestamp
  ) throws(Refusal) {
    switch rule.demand {
    case .bodyHex(let orEmptyBody):
      if orEmptyBody, request.body.isEmpty, claims[rule.claim] == nil { return }
      try check(rule.claim, Hex.decode((string(rule.claim) ?? "").utf8), try BodyDigest.sha256(request.body))
    case .bodyBase64:
      let claimed = Base64.standard.decode((string(rule.claim) ?? "").utf8)
      try check(rule.claim, claimed, try BodyDigest.sha256(request.body))
    case .urlHex:
      let claimed = Hex.decode((string(rule.claim) ?? "").utf8)
      try check(rule.claim, claimed, try BodyDigest.sha256([UInt8](request.url)))
    case .url: try check(rule.claim, among: [request.url])
    case .literal(let texts): try check(rule.claim, among: texts)
    case .option(let name), .requiredOption(let name):
      guard let text = configuration.option(name) else { return }
      try check(rule.claim, among: [text])
    case .optionOrURL(let name): try check(rule.claim, among: [configuration.option(name) ?? request.url])
    case .requestHash:
      let expected = try BodyDigest.sha256(AtlassianRequest.canonical(request))
      try check(rule.claim, Hex.decode((string(rule.claim) ?? "").utf8), expected)
    case .maxAge(let seconds):
      guard let instant = instant(rule.claim), now - instant <= .seconds(seconds) else {
        throw Refusal(
          .timestampOutOfTolerance, "the token is older than \(seconds) s, or does not say its age")
      }
    case .present:
      guard instant(rule.claim) != nil else {
        throw Refusal(.malformedHeader, "the token has no \(rule.claim)")
      }
    }
  }

  private func check(_ claim: String, among texts: [String]) throws(Refusal) {
    guard let claimed = string(claim), texts.contains(claimed) else {
      throw Refusal(.noMatchingSignature, "the token's \(claim) is not what it must be")
    }
  }

  private func check(_ claim: String, _ claimed: [UInt8]?, _ expected: [UInt8]) throws(Refusal) {
    guard let claimed, ConstantTime.equal(claimed, expected) else {
      throw Refusal(.noMatchingSignature, "the token's \(claim) is not that of this request")
    }
  }
}
