package import RelayDocuments
package import RelayModel

/// What a body means by its content type.
package enum BodyValue {
  /// JSON parsed (`application/json`, `+json`); a form as an object, repeats as lists; `text/*` as a string.
  /// Nil for any other type, for none, and for what its type does not let be read.
  package static func read(_ body: [UInt8], contentType: String?) -> JSON? {
    guard let type = contentType.map(MediaType.init) else { return nil }
    if type.isJSON { return json(body) }
    if type.essence == "application/x-www-form-urlencoded" {
      return collected(PercentEncoding.fields(body).map(\.text))
    }
    if type.essence.hasPrefix("text/") { return text(body, type.charset).map(JSON.string) }
    return nil
  }

  /// An answer's output, as `steps.ID` holds it: a body that cannot be read by its type is text where it
  /// is UTF-8, else null.
  package static func output(status: Int, headers: HeaderFields, body: [UInt8]) -> JSON {
    let read = read(body, contentType: headers.first("Content-Type"))
    let value =
      read ?? (body.isEmpty ? nil : String(validating: body, as: UTF8.self)).map(JSON.string) ?? .null
    return .object(
      JSONObject([("status", JSON(status)), ("headers", .object(fields(headers))), ("body", value)]))
  }

  /// Header fields by lower-case name, repeats joined by `, `.
  package static func fields(_ headers: HeaderFields) -> JSONObject {
    var object = JSONObject()
    for field in headers.all {
      let name = String(decoding: field.name.utf8.map(\.asciiLowercased), as: UTF8.self)
      let former = object[name]?.string.map { $0 + ", " } ?? ""
      object[name] = .string(former + field.value)
    }
    return object
  }

  /// Pairs as an object: a repeated name is a list.
  static func collected(_ pairs: [(name: String, value: String)]) -> JSON {
    var names: [String] = []
    var values: [String: [JSON]] = [:]
    for pair in pairs {
      if values[pair.name] == nil { names.append(pair.name) }
      values[pair.name, default: []].append(.string(pair.value))
    }
    return .object(
      JSONObject(
        names.map { name in
          let all = values[name] ?? []
          return (name, all.count == 1 ? all[0] : .array(all))
        }))
  }

  private static func json(_ body: [UInt8]) -> JSON? {
    do {
      return try JSON.parse(body, duplicates: .keepLast)
    } catch {
      return nil
    }
  }

  private static func text(_ body: [UInt8], _ charset: String?) -> String? {
    switch charset {
    case "iso-8859-1", "latin1": String(String.UnicodeScalarView(body.map { Unicode.Scalar($0) }))
    default: String(validating: body, as: UTF8.self)
    }
  }
}

/// A `Content-Type` value.
struct MediaType {
  /// `type/subtype` in lower case.
  let essence: String
  /// In lower case.
  let charset: String?

  init(_ text: String) {
    var parts = text.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).makeIterator()
    essence = parts.next().map { Self.lower(Self.trimmed($0)) } ?? ""
    var charset: String?
    while charset == nil, let part = parts.next() {
      let parameter = Self.lower(Self.trimmed(part))
      if parameter.hasPrefix("charset=") {
        charset = String(parameter.dropFirst("charset=".count).filter { $0 != "\"" })
      }
    }
    self.charset = charset
  }

  var isJSON: Bool { essence == "application/json" || essence.hasSuffix("+json") }

  private static func trimmed(_ part: Substring.UTF8View) -> Substring.UTF8View {
    var part = part
    while let first = part.first, first == 0x20 || first == 0x09 { part = part.dropFirst() }
    while let last = part.last, last == 0x20 || last == 0x09 { part = part.dropLast() }
    return part
  }

  private static func lower(_ part: Substring.UTF8View) -> String {
    String(decoding: part.map(\.asciiLowercased), as: UTF8.self)
  }
}
