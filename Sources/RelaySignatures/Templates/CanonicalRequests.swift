internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel

extension RequestReader {
  /// The headers that the header `list` names, sorted: `name:value` joined by semicolons, names in lower
  /// case, values without blanks at their ends.
  func listedHeaders(_ list: String) throws(Refusal) -> [UInt8] {
    guard let names = try header(list) else {
      throw Refusal(.missingHeader, "the header \(list) is missing")
    }
    var lines: [String] = []
    for name in names.text.lowercased().split(separator: ",").sorted() {
      let bare = String(name.filter { $0 != " " })
      guard let value = try header(bare) else {
        throw Refusal(.missingHeader, "the header \(bare), which is signed, is missing")
      }
      lines.append("\(bare):\(value.text)")
    }
    return [UInt8](lines.joined(separator: ";"))
  }
}

extension JSON {
  /// The same value, the members of every object sorted by name.
  var sortedByName: JSON {
    switch self {
    case .object(let object):
      .object(
        JSONObject(
          object.members.map { ($0.name, $0.value.sortedByName) }.sorted {
            $0.0.utf16.lexicographicallyPrecedes($1.0.utf16)
          }))
    case .array(let elements): .array(elements.map(\.sortedByName))
    default: self
    }
  }
}

/// The URL as Plivo signs it: query parameters sorted and, where there is a form, its fields behind
/// them, without anything between name and value.
enum PlivoURL {
  static func signed(_ url: RequestURL, form: [FormField]) -> String {
    let query = PercentEncoding.fields([UInt8](url.query)[...]).sorted().map {
      "\($0.name.text)=\($0.value.text)"
    }
    var text = url.withoutQuery
    if !query.isEmpty || !form.isEmpty { text += "?" + query.joined(separator: "&") }
    if !query.isEmpty, !form.isEmpty { text += "." }
    return text + form.sorted().map { $0.name.text + $0.value.text }.joined()
  }
}

extension [FormField] {
  /// By name, then by value.
  fileprivate func sorted() -> [FormField] {
    sorted {
      $0.name == $1.name
        ? $0.value.lexicographicallyPrecedes($1.value) : $0.name.lexicographicallyPrecedes($1.name)
    }
  }
}

/// The request as Atlassian Connect hashes it: method, path and sorted query.
enum AtlassianRequest {
  static func canonical(_ request: SignedRequest) -> [UInt8] {
    let url = RequestURL(request.url)
    var path = url.path.isEmpty ? "/" : url.path
    if path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    path = path.split(separator: "&", omittingEmptySubsequences: false).joined(separator: "%26")
    return [UInt8]("\(request.method.uppercased())&\(path)&\(query(url))")
  }

  private static func query(_ url: RequestURL) -> String {
    var names: [String] = []
    var values: [String: [String]] = [:]
    for field in PercentEncoding.fields([UInt8](url.query)[...]).sorted() where field.name != [UInt8]("jwt") {
      let name = escaped(field.name)
      if values[name] == nil { names.append(name) }
      values[name, default: []].append(escaped(field.value))
    }
    return names.map { "\($0)=\((values[$0] ?? []).joined(separator: ","))" }.joined(separator: "&")
  }

  /// Percent-encoding of all but the unreserved characters (RFC 3986).
  private static func escaped(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      switch byte {
      case 48...57, 65...90, 97...122, 45, 46, 95, 126: text.append(byte)
      default: text += [UInt8(ascii: "%")] + [UInt8](Hex.text([byte]).uppercased())
      }
    }
    return text.text
  }
}
