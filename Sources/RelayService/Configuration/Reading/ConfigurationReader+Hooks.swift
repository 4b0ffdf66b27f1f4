internal import RelayDocuments
internal import RelayIngress
internal import RelayModel

extension ConfigurationReader {
  func hooks(_ top: MappingReader, _ rules: SecretRules) -> [Hook] {
    (top.read(ConfigurationKeys.hooks) ?? []).compactMap { written in
      if !HookKeys.name.accepts(written.name) {
        diagnostics.error("\(written.written.path) \(HookKeys.name.complaint)", at: written.position)
      }
      let hook = hook(written.name, written.value, rules)
      written.value.finish()
      return hook
    }
  }

  private func hook(_ name: String, _ reader: MappingReader, _ rules: SecretRules) -> Hook? {
    let verification = verification(reader, rules)
    var hook = Hook(name: name, verification: verification ?? .none(at: reader.position))
    hook.enabled = reader.read(HookKeys.isEnabled)
    hook.body = reader.read(HookKeys.body)
    hook.url = reader.read(HookKeys.url)
    hook.dedupe = dedupe(reader)
    hook.rateLimit = reader.read(HookKeys.rateLimit).map {
      RateLimiter.Limit(requests: $0.requests, per: $0.per)
    }
    hook.answer = answer(reader)
    if let respond = reader.read(HookKeys.respond) {
      hook.respondTimeout = respond.read(HookRespondKeys.timeout)
      respond.finish()
    }
    return verification == nil ? nil : hook
  }

  private func verification(_ reader: MappingReader, _ rules: SecretRules) -> Hook.Verification? {
    let allowsShort = reader.read(HookKeys.allowsShortSecret)
    guard reader.has(HookKeys.verify), let written = reader.written(HookKeys.verify) else {
      diagnostics.error(
        "\(reader.full(HookKeys.verify)) is missing; write `verify: none` to accept every request",
        at: reader.position)
      return nil
    }
    switch HookKeys.verify.form.read(written) {
    case nil: return nil
    case .nothing: return .none(at: written.node.position)
    case .scheme(let verify):
      return Hook.Verification(
        document: written.node, position: written.node.position,
        secrets: rules.references(verify.read(VerifyKeys.secret), resolved),
        verifyTokens: rules.references(verify.read(VerifyKeys.verifyToken), resolved),
        allowsShortSecret: verify.read(VerifyKeys.allowsShortSecret) ?? allowsShort)
    }
  }

  private func dedupe(_ reader: MappingReader) -> Hook.Dedupe {
    var dedupe = Hook.Dedupe()
    guard let written = reader.read(HookKeys.dedupe) else { return dedupe }
    dedupe.key = written.read(DedupeKeys.key)
    dedupe.window = written.read(DedupeKeys.window)
    written.finish()
    return dedupe
  }

  private func answer(_ reader: MappingReader) -> Hook.Answer {
    var answer = Hook.Answer()
    guard let written = reader.read(HookKeys.answer) else { return answer }
    answer.status = written.read(AnswerKeys.status)
    answer.body = written.read(AnswerKeys.body)
    answer.contentType = written.read(AnswerKeys.contentType)
    written.finish()
    return answer
  }
}

extension Hook.Verification {
  /// Every request is accepted.
  static func none(at position: DocumentPosition) -> Self {
    Self(document: nil, position: position, secrets: [], verifyTokens: [], allowsShortSecret: false)
  }
}
