internal import RelayDocuments

/// How a provider makes sure that a hook is there and wants its events, and which answers it insists on
/// afterwards. Read once when a hook is loaded, used from any thread.
package struct Handshake: Sendable {
  private let rules: [HandshakeRule]
  private let accepted: (condition: Condition?, answer: FixedAnswer)?
  /// What is answered in place of the relay's own refusal (401) of a signature; nil for the relay's own.
  package let refusedAnswer: FixedAnswer?

  /// No provider sends a larger challenge; a larger request is an event, and is not looked into.
  private static let maxBody = 16 * 1024

  /// For a provider without any: every request is an event.
  package init() {
    rules = []
    accepted = nil
    refusedAnswer = nil
  }

  /// Reads the preset's `handshake`, `accepted` and `refused`. Throws where they cannot be read, which is
  /// a mistake in what came with this build.
  package init(_ preset: Preset) throws(SignatureError) {
    var rules: [HandshakeRule] = []
    for rule in preset.entry["handshake"]?.array ?? [] { rules.append(try HandshakeRule(rule)) }
    self.rules = rules
    accepted = try preset.entry["accepted"].map { value throws(SignatureError) in
      (try Condition.read(value["when"]).first, try FixedAnswer(value, status: 202))
    }
    refusedAnswer = try preset.entry["refused"].map { value throws(SignatureError) in
      try FixedAnswer(value, status: 401)
    }
  }

  /// The methods besides POST that a challenge may come with.
  package var methods: [String] {
    var methods: [String] = []
    for rule in rules where rule.method != "POST" && !methods.contains(rule.method) {
      methods.append(rule.method)
    }
    return methods
  }

  /// Whether the provider hands its secret over in a challenge, so that a hook may start without one.
  package var capturesSecret: Bool { rules.contains { $0.capture != nil } }

  /// The answer to a challenge; nil where the request is none, or its signature must be verified first.
  /// To be asked twice: before a request is verified, and, where that gave nothing, after.
  package func answer(
    to request: SignedRequest, _ keys: HandshakeKeys, isVerified: Bool
  ) -> HandshakeAnswer? {
    guard !rules.isEmpty, request.body.count <= Self.maxBody else { return nil }
    let scope = TemplateScope(request: request, keys: keys)
    for rule in rules where rule.isSigned == isVerified {
      if let answer = rule.answer(to: scope) { return answer }
    }
    return nil
  }

  /// What is answered to an accepted event (and to its duplicate) in place of the relay's own; nil for
  /// the relay's own.
  package func acceptedAnswer(for request: SignedRequest) -> FixedAnswer? {
    guard let accepted, accepted.condition?.holds(in: TemplateScope(request: request)) ?? true else {
      return nil
    }
    return accepted.answer
  }
}
