internal import RelayCrypto
internal import RelayModel

/// Signs the message that a template makes of a request.
struct MessageSigner: SchemeSigner {
  private enum Key: Sendable {
    case secret([UInt8])
    case privateKey(PrivateKey, SignatureScheme)
  }

  private let rule: MessageRule
  private let template: SigningTemplate
  private let key: Key

  init(_ rule: MessageRule, _ configuration: VerifyConfiguration) throws(SignatureError) {
    guard case .header = rule.signature.source, rule.each == nil, let template = rule.signed.first else {
      throw .inBody
    }
    self.rule = rule
    self.template = template
    switch rule.algorithm {
    case .hmac, .hash:
      let secret = try configuration.signingSecret()
      // A secret of the wrong form shows here, not at the first request.
      _ = try rule.key.key(secret)
      key = .secret(secret)
    case .publicKey(let scheme):
      guard rule.key != .certificate, rule.key != .jwks else { throw .thirdParty }
      let privateKey = try configuration.signingKey()
      guard privateKey.kind == scheme.keyKind else {
        throw .key(member: "secret", .unusableKey("the provider signs with another kind of key"))
      }
      key = .privateKey(privateKey, scheme)
    }
  }

  func sign(_ request: SignedRequest, at now: Timestamp, id: String) throws(SignatureError) -> [Signer.Header]
  {
    guard !template.namesURL || !request.url.isEmpty else { throw .needsURL }
    var draft = SigningDraft(request, rule, template, at: now, id: id)
    var context = MessageContext()
    context.timestamp = [UInt8](draft.timestamp)[...]
    context.fields = draft.fields
    if case .secret(let secret) = key { context.secret = secret }
    do throws(Refusal) {
      var reader = RequestReader(draft.request)
      let message = try template.render(&reader, context)
      draft.add(rule.signature.headerName, rule.signature.text(try sign(message, draft), draft))
    } catch {
      throw .cannotSign(error.detail)
    }
    return draft.headers
  }

  private func sign(_ message: RenderedMessage, _ draft: SigningDraft) throws(Refusal) -> [UInt8] {
    let body = draft.request.body
    do {
      switch (key, rule.algorithm) {
      case (.privateKey(let key, let scheme), _): return try key.sign(message.joined(body: body), scheme)
      case (.secret, .hash(let algorithm)): return try message.digest(algorithm, body: body)
      case (.secret(let secret), .hmac(let algorithm)):
        let bytes =
          rule.key == .timestampAndSecret ? [UInt8](draft.timestamp) + secret : try rule.key.key(secret)
        return try message.code(HMACKey(algorithm, secret: bytes), body: body)
      case (.secret, .publicKey): preconditionFailure("a public-key scheme is prepared with a private key")
      }
    } catch {
      throw Refusal(.noMatchingSignature, "the signature could not be computed: \(error)")
    }
  }
}

extension SignatureRule {
  /// The header that carries the signature.
  fileprivate var headerName: String { if case .header(let name) = source { name } else { "" } }

  /// The signature as it stands in its header.
  fileprivate func text(_ signature: [UInt8], _ draft: SigningDraft) -> String {
    let encoded = encoding.encode(signature).text
    switch format {
    case .plain: return prefix.text + encoded
    case .list, .pipePairs: return encoded
    case .tagged(_, let tag): return tag + encoded
    case .positional: return "\(draft.timestamp),\(encoded)"
    case .pairs(let separator, let keys, _):
      let fields = draft.fields.map { "\($0.name.text)=\($0.value.text)" }
      return (fields + ["\(keys[0])=\(encoded)"]).joined(separator: String(UnicodeScalar(separator)))
    }
  }
}
