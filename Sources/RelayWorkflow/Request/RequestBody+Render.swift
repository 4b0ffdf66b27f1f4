internal import RelayCrypto
internal import RelayDocuments
internal import RelayExpressions

extension RequestBody {
  /// The bytes to send and the type that they have unless the step's headers say otherwise; nil for none.
  func render(in scope: some Scope) throws(StepError) -> (bytes: [UInt8], type: String)? {
    switch self {
    case .none: return nil
    case .json(let template):
      let value = try evaluated { () throws(ExpressionError) in try template.value(in: scope) }
      return (value.serialized(), "application/json")
    case .form(let members):
      let form = "?".addingQuery(try pairs(members, in: scope, "form")).dropFirst()
      return (Array(form.utf8), "application/x-www-form-urlencoded")
    case .text(let template):
      let text = try evaluated { () throws(ExpressionError) in try template.text(in: scope) }
      return (Array(text.utf8), "text/plain; charset=utf-8")
    case .multipart(let fields): return try Multipart.render(fields, in: scope)
    case .raw(let template):
      return Self.raw(try evaluated { () throws(ExpressionError) in try template.value(in: scope) })
    }
  }

  private static func raw(_ value: Value) -> (bytes: [UInt8], type: String) {
    switch value.resolved {
    case .bytes(let bytes): (bytes, "application/octet-stream")
    case .list, .map: (value.asJSON.serialized(), "application/json")
    default: (Array(value.text.utf8), "text/plain; charset=utf-8")
    }
  }
}

/// RFC 7578's `multipart/form-data`.
enum Multipart {
  private struct Part {
    var header: String
    var content: [UInt8]
  }

  static func render(_ fields: [MultipartField], in scope: some Scope) throws(StepError)
    -> (bytes: [UInt8], type: String)
  {
    var parts: [Part] = []
    for field in fields { parts.append(try part(field, in: scope)) }
    let boundary = try boundary(parts)
    var bytes: [UInt8] = []
    for part in parts {
      bytes.append(contentsOf: "--\(boundary)\r\n\(part.header)\r\n".utf8)
      bytes.append(contentsOf: part.content)
      bytes.append(contentsOf: "\r\n".utf8)
    }
    bytes.append(contentsOf: "--\(boundary)--\r\n".utf8)
    return (bytes, "multipart/form-data; boundary=\(boundary)")
  }

  private static func part(_ field: MultipartField, in scope: some Scope) throws(StepError) -> Part {
    let content = try evaluated { () throws(ExpressionError) in try field.content.value(in: scope) }
    var header = "Content-Disposition: form-data; name=\"\(quoted(field.name))\""
    if let filename = field.filename {
      let name = try evaluated { () throws(ExpressionError) in try filename.text(in: scope) }
      header += "; filename=\"\(quoted(name))\""
    }
    header += "\r\n"
    if let type = field.type {
      let text = try evaluated { () throws(ExpressionError) in try type.text(in: scope) }
      guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
        throw StepError(.badHeader, "multipart.\(field.name): the type holds what no header may")
      }
      header += "Content-Type: \(text)\r\n"
    }
    if case .bytes(let bytes) = content.resolved { return Part(header: header, content: bytes) }
    return Part(header: header, content: Array(content.text.utf8))
  }

  /// Quotes and line ends as browsers write them in a part's header.
  private static func quoted(_ text: String) -> String {
    var quoted = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "%22"
      case "\r": quoted += "%0D"
      case "\n": quoted += "%0A"
      case "\0": quoted += "%00"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted
  }

  /// Drawn from the content, so that the same request is rendered to the same bytes, and no content can
  /// hold a boundary that depends on its own hash.
  private static func boundary(_ parts: [Part]) throws(StepError) -> String {
    do {
      let digest = try DigestStream(.sha256)
      for part in parts {
        try digest.update(Array(part.header.utf8).span)
        try digest.update(part.content.span)
      }
      return "petrel-" + String(decoding: Hex.encode(Array(try digest.finish().prefix(16))), as: UTF8.self)
    } catch {
      throw StepError(.badValue, "multipart: \(error)")
    }
  }
}
