internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel

/// Makes the token that binds a request, with an HMAC secret.
struct JSONWebTokenSigner: SchemeSigner {
  /// How long a token is good for.
  private static let lifetimeSeconds: Int64 = 60

  private let rule: JSONWebTokenRule
  private let header: String
  private let algorithm: JSONWebTokenAlgorithm
  private let key: HMACKey
  private let configuration: VerifyConfiguration

  init(_ rule: JSONWebTokenRule, _ configuration: VerifyConfiguration) throws(SignatureError) {
    guard let algorithm = rule.algorithms.first, let digest = algorithm.hmac else { throw .thirdParty }
    guard case .header(let header) = rule.source else { throw .inBody }
    self.rule = rule
    self.header = header
    self.algorithm = algorithm
    self.configuration = configuration
    let secret = try configuration.signingSecret()
    do {
      key = try HMACKey(digest, secret: secret)
    } catch {
      throw .key(member: "secret", error)
    }
  }

  func sign(_ request: SignedRequest, at now: Timestamp, id: String) throws(SignatureError) -> [Signer.Header]
  {
    guard !request.url.isEmpty || !rule.claims.contains(where: \.namesURL) else { throw .needsURL }
    let head: JSON = ["alg": .string(algorithm.rawValue), "typ": "JWT"]
    do {
      let claims = JSON.object(try claims(request, at: now, id: id))
      let signed = Base64.urlSafe.text(head.serialized()) + "." + Base64.urlSafe.text(claims.serialized())
      let signature = Base64.urlSafe.text(try key.code([UInt8](signed)))
      return [(header, "\(rule.prefix.text)\(signed).\(signature)")]
    } catch {
      throw .cannotSign("the token could not be signed: \(error)")
    }
  }

  private func claims(
    _ request: SignedRequest, at now: Timestamp, id: String
  ) throws(Refusal) -> JSONObject {
    var claims = JSONObject([("iat", JSON(Int(now.seconds))), ("jti", .string(id))])
    for claim in rule.claims {
      if let value = try value(claim, request, at: now) { claims[claim.claim] = value }
    }
    return claims
  }

  /// What the claim must say; nil where anything goes.
  private func value(
    _ claim: ClaimRule, _ request: SignedRequest, at now: Timestamp
  ) throws(Refusal) -> JSON? {
    switch claim.demand {
    case .bodyHex: .string(Hex.text(try BodyDigest.sha256(request.body)))
    case .bodyBase64: .string(Base64.standard.text(try BodyDigest.sha256(request.body)))
    case .urlHex: .string(Hex.text(try BodyDigest.sha256([UInt8](request.url))))
    case .url: .string(request.url)
    case .literal(let texts): texts.first.map(JSON.string)
    case .option(let name), .requiredOption(let name): configuration.option(name).map(JSON.string)
    case .optionOrURL(let name): .string(configuration.option(name) ?? request.url)
    case .requestHash: .string(Hex.text(try BodyDigest.sha256(AtlassianRequest.canonical(request))))
    case .maxAge: JSON(Int(now.seconds))
    case .present: JSON(Int(claim.claim == "exp" ? now.seconds + Self.lifetimeSeconds : now.seconds))
    }
  }
}

extension ClaimRule {
  /// Whether the claim says something of the URL.
  fileprivate var namesURL: Bool {
    switch demand {
    case .url, .urlHex, .requestHash: true
    default: false
    }
  }
}
