internal import RelayCrypto
internal import RelayDocuments

/// One kind of challenge: how it is told from other requests, and what is answered.
struct HandshakeRule: Sendable {
  /// A value that the challenge must carry to prove that the operator asked for it.
  struct TokenDemand: Sendable {
    let template: RequestTemplate
    /// The answer to a wrong one.
    let refusalStatus: Int
    /// Whether the challenge is answered also where no token is configured.
    let isOptional: Bool
  }

  enum Body: Sendable {
    case empty
    case text(RequestTemplate)
    case json([(name: String, value: JSONPart)])
  }

  enum JSONPart: Sendable {
    case fixed(JSON)
    case template(RequestTemplate)
  }

  let method: String
  /// Whether the challenge is answered only after its signature was verified.
  let isSigned: Bool
  let conditions: [Condition]
  let token: TokenDemand?
  let status: Int
  let headers: [(name: String, value: RequestTemplate)]
  let body: Body
  let capture: RequestTemplate?
  let confirmation: RequestTemplate?

  /// Longer values are not sent back.
  private static let limit = 4096
  private static let headerLimit = 1024

  /// Nil where the request is no challenge of this kind, or not one that may be answered.
  func answer(to scope: TemplateScope) -> HandshakeAnswer? {
    guard scope.request.method == method, conditions.allSatisfy({ $0.holds(in: scope) }) else { return nil }
    if let token, let refusal = token.refusal(scope) { return refusal }
    guard let headers = headers(scope), let body = content(scope) else { return nil }
    var answer = HandshakeAnswer(status: status, headers: headers + body.headers, body: body.bytes)
    if let capture { take(capture, scope, &answer) }
    if let confirmation {
      guard let url = confirmation.value(in: scope, limit: Self.limit).flatMap(ConfirmationURL.init) else {
        return HandshakeAnswer(status: 403)
      }
      confirm(url, scope, &answer)
    }
    return answer
  }

  private func take(_ capture: RequestTemplate, _ scope: TemplateScope, _ answer: inout HandshakeAnswer) {
    if scope.keys.secrets.isEmpty {
      answer.capturedSecret = capture.value(in: scope, limit: Self.headerLimit)
    } else {
      answer.note =
        "the provider offered a secret, but the hook has one; delete that one and ask again to take the new one"
    }
  }

  private func confirm(_ url: ConfirmationURL, _ scope: TemplateScope, _ answer: inout HandshakeAnswer) {
    if scope.keys.topics.contains(url.topic) {
      answer.confirmation = url.text
    } else {
      answer.note = "a subscription to another topic than the configured one was not confirmed"
    }
  }

  private func headers(_ scope: TemplateScope) -> [HeaderField]? {
    var fields: [HeaderField] = []
    for header in headers {
      guard let value = header.value.value(in: scope, limit: Self.headerLimit),
        value.allSatisfy({ (0x20..<0x7F).contains($0) })
      else { return nil }
      fields.append(HeaderField(header.name, value.text))
    }
    return fields
  }

  /// What a stranger sent is given back as plain text or inside JSON, never as what a browser would run.
  private func content(_ scope: TemplateScope) -> (headers: [HeaderField], bytes: [UInt8])? {
    let nosniff = HeaderField("X-Content-Type-Options", "nosniff")
    switch body {
    case .empty: return ([], [])
    case .text(let template):
      guard let bytes = Self.reflected(template, scope) else { return nil }
      return ([HeaderField("Content-Type", "text/plain"), nosniff], bytes)
    case .json(let members):
      var object = JSONObject()
      for member in members {
        switch member.value {
        case .fixed(let value): object[member.name] = value
        case .template(let template):
          guard let text = Self.reflected(template, scope) else { return nil }
          object[member.name] = .string(text.text)
        }
      }
      return ([HeaderField("Content-Type", "application/json"), nosniff], JSON.object(object).serialized())
    }
  }

  private static func reflected(_ template: RequestTemplate, _ scope: TemplateScope) -> [UInt8]? {
    guard let value = template.value(in: scope, limit: limit),
      String(validating: value, as: UTF8.self) != nil,
      value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else { return nil }
    return value
  }
}

extension HandshakeRule.TokenDemand {
  /// The refusal of a challenge without the configured token; nil for one that has it.
  fileprivate func refusal(_ scope: TemplateScope) -> HandshakeAnswer? {
    guard let wanted = scope.keys.value(.verifyToken) else {
      return isOptional ? nil : HandshakeAnswer(status: refusalStatus)
    }
    let given = template.value(in: scope, limit: 4096) ?? []
    return ConstantTime.equal(given, wanted) ? nil : HandshakeAnswer(status: refusalStatus)
  }
}
