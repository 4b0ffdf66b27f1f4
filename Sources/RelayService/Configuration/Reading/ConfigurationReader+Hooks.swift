internal import RelayDocuments
internal import RelayIngress
internal import RelayModel

extension ConfigurationReader {
  func hooks(_ top: MappingReader, _ rules: SecretRules) -> [Hook] {
    guard let reader = top.mapping("hooks") else { return [] }
    var hooks: [Hook] = []
    reader.each { member, path in
      if !ResourceName.isValid(member.name) {
        diagnostics.error(
          "\(path) is no name of a hook; names are [a-z0-9][a-z0-9_-]{0,63}", at: member.position)
      }
      let inner = MappingReader(member.value, path: path, diagnostics)
      if let hook = hook(member.name, inner, rules) { hooks.append(hook) }
      inner.finish()
    }
    return hooks
  }

  private func hook(_ name: String, _ reader: MappingReader, _ rules: SecretRules) -> Hook? {
    let verification = verification(reader, rules)
    var hook = Hook(name: name, verification: verification ?? .none(at: reader.position))
    hook.enabled = reader.bool("enabled") ?? true
    hook.body = reader.size("body", in: ByteCount(1)...ByteCount.gibibytes(2))
    hook.url = url("url", in: reader)
    hook.dedupe = dedupe(reader)
    hook.rateLimit = rateLimit(reader)
    hook.answer = answer(reader)
    if let respond = reader.mapping("respond") {
      let span = Duration.milliseconds(100) ... .seconds(60)
      hook.respondTimeout = respond.duration("timeout", in: span) ?? .seconds(10)
      respond.finish()
    }
    return verification == nil ? nil : hook
  }

  private func verification(_ reader: MappingReader, _ rules: SecretRules) -> Hook.Verification? {
    let allowsShort = reader.bool("short_secret") ?? false
    guard let node = reader.node("verify") else {
      diagnostics.error(
        "\(reader.full("verify")) is missing; write `verify: none` to accept every request",
        at: reader.position)
      return nil
    }
    if node.string == "none" { return .none(at: node.position) }
    guard node.members != nil else {
      diagnostics.error(
        "\(reader.full("verify")) must be a mapping such as {provider: github, secret: env:NAME}, or none",
        at: node.position)
      return nil
    }
    // The rest of its members are the scheme's, which RelaySignatures reads.
    let verify = MappingReader(node, path: reader.full("verify"), diagnostics)
    return Hook.Verification(
      document: node, position: node.position,
      secrets: rules.references("secret", in: verify, resolved),
      verifyTokens: rules.references("verify_token", in: verify, resolved),
      allowsShortSecret: verify.bool("short_secret") ?? allowsShort)
  }

  private func dedupe(_ reader: MappingReader) -> Hook.Dedupe {
    var dedupe = Hook.Dedupe()
    guard let written = reader.mapping("dedupe") else { return dedupe }
    dedupe.key = written.string("key")
    if let window = written.duration("window", in: .seconds(1) ... .seconds(90 * 86_400)) {
      dedupe.window = window
    }
    written.finish()
    return dedupe
  }

  private func rateLimit(_ reader: MappingReader) -> RateLimiter.Limit? {
    guard let node = reader.node("rate_limit") else { return nil }
    return rate(node, reader.full("rate_limit")).map { RateLimiter.Limit(requests: $0.requests, per: $0.per) }
  }

  /// `100/s`, `20/m` or `1000/h`.
  func rate(_ node: DocumentNode, _ path: String) -> (requests: Int, per: Duration)? {
    let parts = (node.string ?? "").split(separator: "/", omittingEmptySubsequences: false)
    if parts.count == 2, let requests = Int(parts[0]), (1...1_000_000).contains(requests),
      ["s", "m", "h"].contains(parts[1]), let per = Duration(text: "1\(parts[1])")
    {
      return (requests, per)
    }
    diagnostics.error("\(path) must be a number and a unit such as 100/s (units s, m, h)", at: node.position)
    return nil
  }

  private func answer(_ reader: MappingReader) -> Hook.Answer {
    var answer = Hook.Answer()
    guard let written = reader.mapping("answer") else { return answer }
    if let status = written.int("status", in: 200...299) { answer.status = status }
    answer.body = written.string("body")
    answer.contentType = written.string("content_type")
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
