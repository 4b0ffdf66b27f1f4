internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel

/// A signature over a message made of the request, with the operator's keys.
struct MessageScheme: Scheme {
  private let rule: MessageRule
  private let keys: MessageKeys
  /// Whether the message covers a timestamp or an id.
  private let coversDelivery: Bool
  /// Whether the timestamp is part of a signed body, which is parsed only once it is known to be the
  /// sender's.
  private let timestampIsInBody: Bool
  /// In named pairs, the one of the operator's own public key.
  private let pairName: [UInt8]?

  init(_ rule: MessageRule, _ configuration: VerifyConfiguration) throws(SignatureError) {
    self.rule = try rule.applying(configuration)
    self.keys = try MessageKeys(self.rule, configuration)
    self.coversDelivery = rule.timestamp != nil || rule.signed.allSatisfy(\.namesValue)
    self.timestampIsInBody = self.rule.timestampIsInBody
    self.pairName = rule.signature.format == .pipePairs ? configuration.publicKeys.first : nil
  }

  func verify(_ request: SignedRequest, at now: Timestamp) throws(Refusal) -> Verified {
    var reader = RequestReader(request)
    guard let each = rule.each else { return try verify(&reader, element: nil, at: now) }
    var verified = Verified()
    for element in try each.values(in: try reader.json()) {
      verified = try verify(&reader, element: element, at: now)
    }
    return verified
  }

  private func verify(
    _ reader: inout RequestReader, element: JSON?, at now: Timestamp
  ) throws(Refusal) -> Verified {
    let scope = RequestScope(element: element, pairName: pairName)
    let reading = try rule.signature.read(&reader, in: scope)
    var refusal: Refusal?
    var judged = -1
    for candidate in reading.candidates where candidate.group > judged {
      judged = candidate.group
      do throws(Refusal) {
        return try verify(&reader, reading, group: judged, scope, at: now)
      } catch {
        refusal = refusal ?? error
      }
    }
    throw refusal ?? Refusal(.noMatchingSignature, "no signature of the request matches")
  }

  /// One run of signatures under its own timestamp.
  private func verify(
    _ reader: inout RequestReader, _ reading: SignatureReading, group: Int, _ scope: RequestScope,
    at now: Timestamp
  ) throws(Refusal) -> Verified {
    var context = MessageContext(scope: scope, fields: reading.fields, group: group)
    var signedAt: Timestamp?
    if let timestamp = rule.timestamp, !timestampIsInBody {
      context.timestamp = try timestamp.text(&reader, reading, group: group, scope)
      signedAt = try timestamp.checked(context.timestamp, at: now)
    }
    context.leavesFormOut = try coversBodyByDigest(&reader)
    let match = try match(reading, &reader, context)
    if let timestamp = rule.timestamp, timestampIsInBody {
      signedAt = try timestamp.checked(timestamp.text(&reader, reading, group: group, scope), at: now)
    }
    return Verified(
      keyIndex: match.keyIndex, signedAt: signedAt, signature: match.signature,
      coversDelivery: coversDelivery)
  }

  /// The first message that was signed; one that the request lacks the parts of was not.
  private func match(
    _ reading: SignatureReading, _ reader: inout RequestReader, _ context: MessageContext
  ) throws(Refusal) -> MessageKeys.Match {
    var refusal: Refusal?
    for template in rule.signed {
      do throws(Refusal) {
        if let match = try keys.match(reading.candidates, template, &reader, context) { return match }
      } catch {
        refusal = refusal ?? error
      }
    }
    throw refusal ?? Refusal(.noMatchingSignature, "no signature of the request matches a configured key")
  }

  /// Whether the URL carries the body's digest, so that the message needs no form fields. Throws where
  /// it carries another body's.
  private func coversBodyByDigest(_ reader: inout RequestReader) throws(Refusal) -> Bool {
    guard let name = rule.bodyDigestQuery, let claimed = reader.query().first(name) else { return false }
    let type = reader.request.headers.first("Content-Type")?.lowercased() ?? ""
    guard !type.hasPrefix("application/x-www-form-urlencoded") else { return false }
    guard let digest = Hex.decode(claimed),
      ConstantTime.equal(digest, try BodyDigest.sha256(reader.request.body))
    else { throw Refusal(.noMatchingSignature, "the query's \(name) is not the digest of the body") }
    return true
  }
}

extension MessageRule {
  fileprivate var timestampIsInBody: Bool {
    guard case .json = timestamp?.source else { return false }
    return signed.allSatisfy { !$0.namesTimestamp && $0.pieces.contains(.body) }
  }
}

extension TimestampRule {
  /// The instant that `text` stands for. Throws where it is none, or outside the window at `now`.
  fileprivate func checked(_ text: ArraySlice<UInt8>, at now: Timestamp) throws(Refusal) -> Timestamp {
    guard let instant = instant(text) else {
      throw Refusal(.malformedHeader, "\(source.text) is no timestamp (\(unit.rawValue))")
    }
    try check(instant, at: now)
    return instant
  }

  /// The timestamp as the sender wrote it.
  func text(
    _ reader: inout RequestReader, _ reading: SignatureReading, group: Int, _ scope: RequestScope
  ) throws(Refusal) -> ArraySlice<UInt8> {
    if case .signature(let name) = source, let text = reading.field(name, group: group) { return text }
    if let text = try reader.value(source, in: scope.element) { return text }
    if let fallback, let text = try reader.value(fallback) { return text }
    throw Refusal(.missingHeader, "\(source.text), the timestamp, is missing")
  }
}

extension MessageRule {
  /// With what the operator wrote beside the provider's name.
  func applying(_ configuration: VerifyConfiguration) throws(SignatureError) -> MessageRule {
    var rule = self
    let reader = try MemberReader(
      configuration.options, at: "", known: configuration.options.members.map(\.name))
    if let header = try reader.string("header"), case .header = signature.source {
      rule.signature.source = .header(header)
    }
    if let header = try reader.string("timestamp_header"), case .header = timestamp?.source {
      rule.timestamp?.source = .header(header)
    }
    if reader.object["tolerance"] != nil { rule.timestamp?.tolerance = try reader.tolerance("tolerance") }
    if let name = try reader.string("algorithm") {
      guard let digest = DigestAlgorithm(rawValue: name) else {
        throw reader.failure("algorithm", "must be sha1, sha256 or sha512")
      }
      switch algorithm {
      case .hmac: rule.algorithm = .hmac(digest)
      case .hash: rule.algorithm = .hash(digest)
      case .publicKey: throw reader.failure("algorithm", "is fixed by the provider's keys")
      }
    }
    return rule
  }
}
