internal import RelayDocuments
internal import RelayModel

/// A URL by its parts.
enum URLParts {
  /// `{scheme, host, port, path, query, fragment}`: the port null where none is written, the query a map of
  /// strings in which a name that comes again has a list. A name or password in it is left out.
  @Sendable static func transform(_ input: TransformInput) throws(TransformError) -> JSON? {
    let text = try input.text().trimmed
    let scheme = text.prefix { $0 != ":" }
    let rest = text.dropFirst(scheme.count)
    guard rest.hasPrefix("://"), isScheme(scheme), !text.contains(where: \.isWhitespace) else {
      throw TransformError("the text is no absolute URL")
    }
    let beyond = rest.dropFirst(3)
    let authority = beyond.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let (target, fragment) = cut(beyond.dropFirst(authority.count), at: "#")
    let (path, query) = cut(target, at: "?")
    let (host, port) = try hostAndPort(authority)
    return [
      "scheme": .string(scheme.lowercased()), "host": .string(host), "port": port.map { JSON($0) } ?? .null,
      "path": .string(path.isEmpty ? "/" : decoded(path)), "query": .object(members(of: query ?? "")),
      "fragment": fragment.map { .string(decoded($0)) } ?? .null,
    ]
  }

  private static func isScheme(_ text: Substring) -> Bool {
    text.first?.isLetter == true
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
  }

  private static func cut(_ text: Substring, at mark: Character) -> (Substring, Substring?) {
    guard let place = text.firstIndex(of: mark) else { return (text, nil) }
    return (text[..<place], text[text.index(after: place)...])
  }

  private static func hostAndPort(_ authority: Substring) throws(TransformError) -> (String, Int?) {
    let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    let digits = place.reversed().prefix { $0.isASCII && $0.isNumber }
    let before = place.dropLast(digits.count)
    let hasPort = before.last == ":" && (!before.hasPrefix("[") || before.hasSuffix("]:"))
    let host = hasPort ? before.dropLast() : place
    guard !host.isEmpty, !host.contains(":") || (host.hasPrefix("[") && host.hasSuffix("]")) else {
      throw TransformError("the URL has no host")
    }
    guard hasPort, !digits.isEmpty else { return (host.lowercased(), nil) }
    guard let port = Int(String(digits.reversed())), (0...65_535).contains(port) else {
      throw TransformError("the URL has no such port")
    }
    return (host.lowercased(), port)
  }

  private static func members(of query: Substring) -> JSONObject {
    var members: [(name: String, value: JSON)] = []
    var places: [String: Int] = [:]
    for pair in query.split(separator: "&") {
      let (name, value) = cut(pair, at: "=")
      let key = decoded(name, plus: true)
      let text = JSON.string(decoded(value ?? "", plus: true))
      guard let place = places[key] else {
        places[key] = members.count
        members.append((key, text))
        continue
      }
      members[place].value = .array((members[place].value.array ?? [members[place].value]) + [text])
    }
    return JSONObject(members)
  }

  /// Percent escapes as their bytes; what gives no UTF-8 stays as it is.
  private static func decoded(_ text: Substring, plus: Bool = false) -> String {
    String(validating: PercentEncoding.decode(text.utf8, isForm: plus), as: UTF8.self) ?? String(text)
  }
}
