internal import RelayDocuments
internal import RelayExpressions
internal import RelayIngress
internal import RelayModel
internal import RelaySignatures

/// Makes the hooks of a configuration ready to judge requests.
struct HookLoader {
  let configuration: Configuration
  let secrets: any SecretSource
  /// Collects what is wrong, at its place in the configuration file.
  let diagnostics: Diagnostics

  /// Every hook that is sound; what is wrong with the others is in `diagnostics`.
  func hooks() -> [IngressHook] { configuration.hooks.compactMap(hook) }

  private func hook(_ written: Hook) -> IngressHook? {
    guard let gate = gate(written) else { return nil }
    var hook = IngressHook(name: written.name, gate: gate)
    hook.enabled = written.enabled
    hook.bodyLimit = written.body ?? configuration.limits.body
    hook.rateLimit = written.rateLimit.map { RateLimiter.Limit(requests: $0.requests, per: $0.per) }
    hook.dedupeKey = dedupeKey(written)
    hook.dedupeWindow = written.dedupe.window
    hook.answer = AcceptedAnswer(
      status: written.answer.status, body: written.answer.body, contentType: written.answer.contentType)
    hook.respondTimeout = written.respondTimeout
    hook.url = written.url
    return hook
  }

  /// A secret that a provider handed over stands in the vault under the hook's name.
  private func gate(_ written: Hook) -> SourceGate? {
    let base = String(
      configuration.file[..<(configuration.file.lastIndex(of: "/") ?? configuration.file.startIndex)])
    do {
      let preset = try written.provider.map(PresetCatalog.preset(named:))
      let handshake = try preset.map(Handshake.init) ?? Handshake()
      let delivery = try preset.map(DeliveryRule.init) ?? DeliveryRule()
      if handshake.capturesSecret, written.verification.secrets.isEmpty {
        return try capturing(written, handshake, delivery, base)
      }
      guard let verify = written.verifyConfiguration(secrets, base: base, diagnostics) else { return nil }
      return SourceGate(
        verifier: try Verifier(verify), delivery: delivery, handshake: handshake,
        keys: HandshakeKeys(verify, endpoint: endpoint(written)))
    } catch {
      diagnostics.error("hooks.\(written.name).verify: \(error)", at: written.verification.position)
      return nil
    }
  }

  private func capturing(
    _ written: Hook, _ handshake: Handshake, _ delivery: DeliveryRule, _ base: String
  ) throws -> SourceGate {
    var keys = HandshakeKeys(endpoint: endpoint(written))
    let captured = written.captured(secrets)
    keys.secrets = captured.map { [$0] } ?? []
    let verify = try captured.map { secret in
      try VerifyConfiguration(["provider": .string(written.provider ?? ""), "secret": "captured"]) { _, _ in
        secret
      }
    }
    return SourceGate(
      verifier: try verify.map(Verifier.init), delivery: delivery, handshake: handshake, keys: keys)
  }

  private func endpoint(_ written: Hook) -> String {
    written.url
      ?? "\(configuration.publicURL ?? "http://\(configuration.listen.address)")/hooks/\(written.name)"
  }

  private func dedupeKey(_ written: Hook) -> Expression? {
    guard let text = written.dedupe.key else { return nil }
    do throws(ExpressionError) {
      return try Expression(checking: text)
    } catch {
      diagnostics.error("hooks.\(written.name).dedupe.key: \(error)", at: written.verification.position)
      return nil
    }
  }
}

extension Hook {
  /// The preset that `verify:` names.
  var provider: String? { verification.document?["provider"]?.string }

  /// Where a secret that the provider handed over is kept.
  var captureName: String { "hook-\(name)" }

  /// The secret that the provider handed over; nil while it has not.
  func captured(_ secrets: any SecretSource) -> [UInt8]? {
    do {
      return try secrets.secret(.vault(captureName))
    } catch {
      return nil
    }
  }
}
