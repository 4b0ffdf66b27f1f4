internal import RelayCrypto
internal import RelayModel

/// The operator's keys for one message scheme, prepared so that a request costs only its hash.
enum MessageKeys: Sendable {
  /// One prepared key a secret; `byAlgorithm` where the request may choose among algorithms.
  case hmac([PreparedSecret], header: (name: String, algorithms: [String: DigestAlgorithm])?)
  /// The key differs from request to request.
  case hmacWithTimestamp(DigestAlgorithm, [[UInt8]])
  case hash(DigestAlgorithm, [[UInt8]])
  case publicKeys([PublicKey], SignatureScheme)
  case certificates(CertificateStore, SignatureScheme, [[UInt8]])

  struct PreparedSecret: Sendable {
    let secret: [UInt8]
    let keys: [HMACKey]
  }

  /// The signature that matched, and the key that it matched under.
  typealias Match = (signature: [UInt8], keyIndex: Int)

  init(_ rule: MessageRule, _ configuration: VerifyConfiguration) throws(SignatureError) {
    switch rule.algorithm {
    case .hmac(let algorithm):
      let secrets = try configuration.requiredSecrets()
      guard rule.key != .timestampAndSecret else {
        self = .hmacWithTimestamp(algorithm, secrets)
        return
      }
      let header = rule.signature.algorithmHeader
      let algorithms = header.map { Set($0.algorithms.values) } ?? [algorithm]
      var prepared: [PreparedSecret] = []
      for secret in secrets { prepared.append(try PreparedSecret(secret, rule.key, algorithms)) }
      self = .hmac(prepared, header: header)
    case .hash(let algorithm):
      self = .hash(algorithm, try configuration.requiredSecrets())
    case .publicKey(let scheme):
      if let certificate = rule.certificate {
        let store = try CertificateStore(certificate, configuration)
        self = .certificates(
          store, scheme, rule.signed.contains(where: \.namesSecret) ? try configuration.requiredSecrets() : []
        )
      } else {
        self = .publicKeys(try configuration.requiredPublicKeys(), scheme)
      }
    }
  }

  /// The first of `candidates` that is the signature of the message under one of the keys.
  func match(
    _ candidates: [SignatureReading.Candidate], _ template: SigningTemplate, _ reader: inout RequestReader,
    _ context: MessageContext
  ) throws(Refusal) -> Match? {
    switch self {
    case .hmac(let secrets, let header):
      let algorithm = try Self.algorithm(header, reader)
      return try match(candidates, secrets, template, &reader, context) {
        prepared, message, body throws(CryptoError) in
        try message.code(prepared.key(algorithm), body: body)
      }
    case .hmacWithTimestamp(let algorithm, let secrets):
      let timestamp = Array(context.timestamp)
      return try match(candidates, secrets.map { PreparedSecret(unprepared: $0) }, template, &reader, context)
      {
        prepared, message, body throws(CryptoError) in
        try message.code(HMACKey(algorithm, secret: timestamp + prepared.secret), body: body)
      }
    case .hash(let algorithm, let secrets):
      return try match(candidates, secrets.map { PreparedSecret(unprepared: $0) }, template, &reader, context)
      {
        _, message, body throws(CryptoError) in try message.digest(algorithm, body: body)
      }
    case .publicKeys(let keys, let scheme):
      let message = try template.render(&reader, context).joined(body: reader.request.body)
      return Self.match(candidates, context, keys, scheme, message)
    case .certificates(let store, let scheme, let secrets):
      let key = try store.key(&reader)
      for secret in secrets.isEmpty ? [[]] : secrets {
        var context = context
        context.secret = secret
        let message = try template.render(&reader, context).joined(body: reader.request.body)
        if let match = Self.match(candidates, context, [key], scheme, message) { return match }
      }
      return nil
    }
  }

  /// Compares every candidate with the code under every secret; the message is rendered again for each
  /// secret only where it holds the secret.
  private func match(
    _ candidates: [SignatureReading.Candidate], _ secrets: [PreparedSecret], _ template: SigningTemplate,
    _ reader: inout RequestReader, _ context: MessageContext,
    _ code: (PreparedSecret, RenderedMessage, [UInt8]) throws(CryptoError) -> [UInt8]
  ) throws(Refusal) -> Match? {
    var shared: RenderedMessage?
    for (index, prepared) in secrets.enumerated() {
      let message: RenderedMessage
      if let shared {
        message = shared
      } else if template.namesSecret {
        var context = context
        context.secret = prepared.secret
        message = try template.render(&reader, context)
      } else {
        message = try template.render(&reader, context)
        shared = message
      }
      do {
        let expected = try code(prepared, message, reader.request.body)
        for candidate in candidates where candidate.group == context.group {
          if ConstantTime.equal(candidate.bytes, expected) { return (candidate.bytes, index) }
        }
      } catch {
        throw .undecidable(error)
      }
    }
    return nil
  }

  private static func match(
    _ candidates: [SignatureReading.Candidate], _ context: MessageContext, _ keys: [PublicKey],
    _ scheme: SignatureScheme, _ message: [UInt8]
  ) -> Match? {
    for (index, key) in keys.enumerated() {
      for candidate in candidates where candidate.group == context.group {
        if key.verifies(candidate.bytes, over: message, scheme) { return (candidate.bytes, index) }
      }
    }
    return nil
  }

  /// The algorithm that the request names; nil where it may not choose.
  private static func algorithm(
    _ header: (name: String, algorithms: [String: DigestAlgorithm])?, _ reader: RequestReader
  ) throws(Refusal) -> DigestAlgorithm? {
    guard let header else { return nil }
    guard let name = try reader.header(header.name) else {
      throw Refusal(.missingHeader, "the header \(header.name) is missing")
    }
    guard let algorithm = header.algorithms[name.text] else {
      throw Refusal(.malformedHeader, "the header \(header.name) names an algorithm that is not accepted")
    }
    return algorithm
  }
}

extension MessageKeys.PreparedSecret {
  fileprivate init(
    _ secret: [UInt8], _ form: KeyForm, _ algorithms: Set<DigestAlgorithm>
  ) throws(SignatureError) {
    let key = try form.key(secret)
    var keys: [HMACKey] = []
    for algorithm in algorithms {
      do {
        keys.append(try HMACKey(algorithm, secret: key))
      } catch {
        throw .key(member: "secret", error)
      }
    }
    self.secret = secret
    self.keys = keys
  }

  /// For schemes that use the secret as it stands.
  fileprivate init(unprepared secret: [UInt8]) {
    self.secret = secret
    self.keys = []
  }

  /// The key for the algorithm that the request chose, or the only one.
  fileprivate func key(_ algorithm: DigestAlgorithm?) throws(CryptoError) -> HMACKey {
    guard let key = algorithm.map({ wanted in keys.first { $0.algorithm == wanted } }) ?? keys.first else {
      throw .unusableKey("no key of this algorithm")
    }
    return key
  }
}
