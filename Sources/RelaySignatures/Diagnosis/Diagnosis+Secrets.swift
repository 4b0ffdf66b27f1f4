internal import RelayDocuments

extension Diagnosis {
  /// The same request under other secrets, or the same secrets read otherwise.
  func secretHypotheses() -> [Hypothesis] {
    known.map(otherSecret) + whitespace() + encodings()
  }

  private var timeless: VerifyConfiguration { configuration.withoutTolerance }

  private func otherSecret(_ other: KnownSecret) -> Hypothesis {
    let finding: Finding =
      switch other.owner {
      case .hook(let name):
        Finding(
          .otherHook, "it is signed with the secret of the hook \(name)",
          fix: "the sender calls the wrong URL: give it the URL of \(name), or this hook that secret")
      case .previous:
        Finding(
          .previousSecret, "it is signed with a previous secret of this hook",
          fix: "list the previous secret beside the new one until the provider uses the new one")
      }
    return Hypothesis(finding: finding, trial: Trial(request, timeless.with(secrets: [other.secret])))
  }

  private func whitespace() -> [Hypothesis] {
    var hypotheses: [Hypothesis] = []
    let blanks: [UInt8] = [0x20, 0x09, 0x0D, 0x0A]
    for secret in configuration.secrets {
      var trimmed = secret[...]
      while let first = trimmed.first, blanks.contains(first) { trimmed.removeFirst() }
      while let last = trimmed.last, blanks.contains(last) { trimmed.removeLast() }
      if trimmed.count < secret.count, !trimmed.isEmpty {
        let finding = Finding(
          .whitespace, "the configured secret has a blank or a line end before or after it",
          fix: "store it without: printf %s instead of echo")
        hypotheses.append(
          Hypothesis(finding: finding, trial: Trial(request, timeless.with(secrets: [Array(trimmed)]))))
      }
      for end in ["\n", "\r\n", " "] {
        let finding = Finding(
          .whitespace, "the provider's secret ends in a blank or a line end, the configured one does not",
          fix: "enter the secret at the provider again, without anything after it")
        let longer = Array(trimmed) + Array(end.utf8)
        hypotheses.append(
          Hypothesis(finding: finding, trial: Trial(request, timeless.with(secrets: [longer]))))
      }
    }
    return hypotheses
  }

  /// `whsec_` or not, base64 or the text itself.
  private func encodings() -> [Hypothesis] {
    guard ["hmac"].contains(configuration.scheme["type"]?.string) else { return [] }
    let current = configuration.scheme["key"]?.string ?? KeyForm.utf8.rawValue
    let others: [KeyForm] = [.utf8, .base64, .hex, .whsec, .whsecOrUTF8].filter { $0.rawValue != current }
    var hypotheses: [Hypothesis] = others.map { form in
      let finding = Finding(
        .secretEncoding,
        "the key is the secret read as \(form.spoken), not as \(KeyForm(rawValue: current)?.spoken ?? current)",
        fix: configuration.preset == nil
          ? "set key: \(form.rawValue)"
          : "configure the secret as the provider shows it, neither decoded nor encoded again")
      return Hypothesis(finding: finding, trial: Trial(request, timeless.with("key", .string(form.rawValue))))
    }
    for secret in configuration.secrets {
      guard let bare = secret[...].dropping(prefix: [UInt8]("whsec_".utf8)) else { continue }
      let finding = Finding(
        .secretEncoding, "the provider's secret has no whsec_ before it", fix: "configure it without whsec_")
      let trial = Trial(
        request, timeless.with(secrets: [Array(bare)]).with("key", .string(KeyForm.utf8.rawValue)))
      hypotheses.append(Hypothesis(finding: finding, trial: trial))
    }
    return hypotheses
  }
}

extension KeyForm {
  fileprivate var spoken: String {
    switch self {
    case .utf8: "it stands"
    case .base64: "base64"
    case .hex: "hexadecimal"
    case .whsec, .whsecOrUTF8: "whsec_ and base64"
    default: rawValue
    }
  }
}
