internal import RelayDocuments
internal import RelayModel

/// A place in a request where a value is found.
enum RequestField: Sendable, Hashable {
  case header(String)
  case query(String)
  /// A field of a form body, urlencoded or multipart.
  case form(String)
  case json(JSONPath)
  /// The name of the body's first member that fits: some providers say by it what happened.
  case memberName(NamePattern)
  /// The whole body.
  case body
  /// What the operator configured.
  case option(HandshakeKeys.Option)

  /// The value; nil where there is none. Of a header that came more than once, the first.
  func value(in scope: TemplateScope) -> [UInt8]? {
    let request = scope.request
    switch self {
    case .header(let name): return request.headers.firstBytes(name).map(Array.init)
    case .query(let name): return request.queryValue(name)
    case .form(let name): return FormBody.value(name, in: request)
    case .json(let path): return JSONScan.find(path, in: request.body)?.scalarBytes
    case .memberName(let pattern): return pattern.firstMember(of: request.body)
    case .body: return request.body
    case .option(let option): return scope.keys.value(option)
    }
  }
}

/// A pattern over names: `*_events`, `mautic.*`, `!update_id` for any other name.
struct NamePattern: Sendable, Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  func matches(_ name: String) -> Bool {
    if text.hasPrefix("!") { return name != text.dropFirst() }
    if text.hasPrefix("*") { return name.hasSuffix(text.dropFirst()) }
    if text.hasSuffix("*") { return name.hasPrefix(text.dropLast()) }
    return name == text
  }

  /// The name of the first member of a JSON object that fits; nil where there is none.
  func firstMember(of body: [UInt8]) -> [UInt8]? {
    do {
      let members = try JSON.parse(body, duplicates: .keepLast).object?.members
      return members?.first { matches($0.name) }.map { [UInt8]($0.name.utf8) }
    } catch {
      return nil
    }
  }
}

extension SignedRequest {
  /// The first query parameter under `name`, decoded.
  func queryValue(_ name: String) -> [UInt8]? {
    let query = RequestURL(url).query
    return query.isEmpty ? nil : PercentEncoding.fields([UInt8](query.utf8)[...]).first(name)
  }
}

extension JSON {
  /// A string or a number as it stands; nil for everything else, which identifies nothing.
  var scalarBytes: [UInt8]? {
    switch self {
    case .string(let text): [UInt8](text.utf8)
    case .number(let number): [UInt8](number.text.utf8)
    case .null, .bool, .array, .object: nil
    }
  }
}
