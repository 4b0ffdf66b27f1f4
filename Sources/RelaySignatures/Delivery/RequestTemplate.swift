internal import RelayDocuments

/// A value made of a request: `{header:X-GitHub-Delivery}`, `{json:meta.action}.{json:meta.entity}`,
/// `sha256={query:crc_token|hmac-sha256|to-base64}`.
///
/// A placeholder names where to look and then what is done to the value found there, step by step. A
/// template is parsed when a hook is loaded; for each request it costs its look-ups.
struct RequestTemplate: Sendable, Hashable {
  enum Piece: Sendable, Hashable {
    case literal([UInt8])
    case value(RequestField, [ValueStep])
  }

  /// As it was written.
  let text: String
  let pieces: [Piece]

  /// The header that the template is and nothing more, as most are.
  var soleHeader: String? {
    if pieces.count == 1, case .value(.header(let name), let steps) = pieces[0], steps.isEmpty {
      name
    } else {
      nil
    }
  }

  /// The value that `scope` gives; nil where one of its placeholders finds nothing, or nothing but an
  /// empty value. Never longer than `limit` bytes: a longer one is none.
  func value(in scope: TemplateScope, limit: Int) -> [UInt8]? {
    if pieces.count == 1, case .value(let field, let steps) = pieces[0] {
      return Self.value(field, steps, scope).flatMap { $0.count <= limit ? $0 : nil }
    }
    var joined: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .literal(let bytes): joined += bytes
      case .value(let field, let steps):
        guard let value = Self.value(field, steps, scope) else { return nil }
        joined += value
      }
      guard joined.count <= limit else { return nil }
    }
    return joined
  }

  private static func value(_ field: RequestField, _ steps: [ValueStep], _ scope: TemplateScope) -> [UInt8]? {
    guard var value = field.value(in: scope) else { return nil }
    for step in steps {
      guard let next = step.apply(to: value, scope.keys) else { return nil }
      value = next
    }
    return value.isEmpty ? nil : value
  }
}

/// What a template may look at.
struct TemplateScope {
  let request: SignedRequest
  /// The hook's own keys, which answers to challenges are made with; empty elsewhere.
  var keys = HandshakeKeys()
}
