internal import RelayCrypto
internal import RelayDocuments
internal import RelayIngress
internal import RelayModel
internal import RelaySignatures
internal import Synchronization

extension Relay {
  /// What a person at the terminal needs first: where everything is, and a command that triggers a hook
  /// where one has a secret that stands in the configuration.
  package func greeting() -> String {
    let (generation, listen, admin) = state.withLock { ($0.generation, $0.listen, $0.adminListen) }
    let origin = generation.configuration.publicURL ?? "http://\(listen)"
    var lines = ["petrel \(Version.text) listens, and is ready", ""]
    for hook in generation.configuration.hooks {
      let count = generation.catalog.hooks[hook.name]?.listeners.count ?? 0
      lines.append("  hook       \(origin)/hooks/\(hook.name)  (\(count) workflow\(count == 1 ? "" : "s"))")
    }
    lines.append("  dashboard  http://\(admin)/")
    if let command = tryCommand(generation, "http://\(listen)") {
      lines += [
        "", "Send it a signed event from another terminal; the answer names the execution:", "", command,
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func tryCommand(_ generation: Generation, _ origin: String) -> String? {
    guard let hook = generation.configuration.hooks.first(where: \.hasPlainSecret),
      let verifier = generation.catalog.hooks[hook.name]?.gate.verifier
    else { return nil }
    let body = #"{"id": "try-\#(time.now().seconds)", "name": "Ada"}"#
    let request = SignedRequest(
      method: "POST", url: "\(origin)/hooks/\(hook.name)",
      headers: HeaderFields([("Content-Type", "application/json")]), body: Array(body.utf8))
    let headers: [Signer.Header]
    do throws(SignatureError) {
      let id = SecureRandom().bits()
      headers = try Signer(verifier.configuration).sign(request, at: time.now(), id: String(id, radix: 16))
    } catch {
      // Some schemes are signed by a third party only: there is nothing to try from here.
      return nil
    }
    let fields = headers.map { " \\\n    -H '\($0.name): \($0.value)'" }.joined()
    return
      "  curl -s \(origin)/hooks/\(hook.name) -H 'Content-Type: application/json'\(fields) \\\n    -d '\(body)'"
  }
}

extension Hook {
  fileprivate var hasPlainSecret: Bool {
    verification.secrets.contains { if case .plain = $0 { true } else { false } }
  }
}
