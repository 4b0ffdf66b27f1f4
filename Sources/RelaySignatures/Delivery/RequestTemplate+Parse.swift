internal import RelayCrypto
internal import RelayDocuments

extension RequestTemplate {
  /// Reads a template. Throws where a placeholder names no place or no step that there is.
  init(_ text: String) throws(SignatureError) {
    self.text = text
    var pieces: [Piece] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw .configuration(member: text, why: "a placeholder does not end")
      }
      if open > rest.startIndex { pieces.append(.literal([UInt8](rest[..<open].utf8))) }
      pieces.append(try Self.placeholder(rest[open..<close].dropFirst()))
      rest = rest[close...].dropFirst()
    }
    if !rest.isEmpty { pieces.append(.literal([UInt8](rest.utf8))) }
    self.pieces = pieces
  }

  private static func placeholder(_ text: Substring) throws(SignatureError) -> Piece {
    let parts = text.split(separator: "|")
    guard let first = parts.first, let field = RequestField(first) else {
      throw .configuration(member: String(text), why: "is no part of a request")
    }
    var steps: [ValueStep] = []
    for part in parts.dropFirst() {
      guard let step = ValueStep(part) else {
        throw .configuration(member: String(text), why: "\(part) is no step")
      }
      steps.append(step)
    }
    return .value(field, steps)
  }
}

extension RequestField {
  /// Reads `header:NAME` and the like; nil for anything else.
  init?(_ text: Substring) {
    if text == "body" {
      self = .body
      return
    }
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let name = String(text[colon...].dropFirst())
    guard !name.isEmpty else { return nil }
    switch text[..<colon] {
    case "header": self = .header(name)
    case "query": self = .query(name)
    case "form": self = .form(name)
    case "key": self = .memberName(NamePattern(name))
    case "option":
      guard let option = HandshakeKeys.Option(rawValue: name) else { return nil }
      self = .option(option)
    case "json":
      guard let path = JSONPath(name) else { return nil }
      self = .json(path)
    default: return nil
    }
  }
}

extension ValueStep {
  /// Reads one step; nil for anything else.
  fileprivate init?(_ text: Substring) {
    switch text {
    case "jwt": self = .tokenPayload
    case "base64": self = .base64Decoded
    case "to-base64": self = .base64
    case "to-hex": self = .hex
    case "sha256": self = .digest(.sha256)
    case "hmac-sha256": self = .code(.sha256, key: .utf8)
    case "hmac-sha1-sha1": self = .code(.sha1, key: .sha1)
    default:
      guard let colon = text.firstIndex(of: ":") else { return nil }
      let name = String(text[colon...].dropFirst())
      switch text[..<colon] {
      case "json":
        guard let path = JSONPath(name) else { return nil }
        self = .json(path)
      case "tag": self = .element(name)
      case "append":
        guard let option = HandshakeKeys.Option(rawValue: name) else { return nil }
        self = .appending(option)
      default: return nil
      }
    }
  }
}
