internal import RelayDocuments

/// Where in a request a value stands.
enum ValueSource: Sendable, Hashable {
  case header(String)
  case query(String)
  case form(String)
  case json(JSONPath)
  /// A field that came with the signature, in the same header: `t` of `t=1,v1=a`; `0` is the first
  /// element of a positional one.
  case signature(String)
  /// The whole body.
  case body

  /// As it is named to people.
  var text: String {
    switch self {
    case .header(let name): "the header \(name)"
    case .query(let name): "the query parameter \(name)"
    case .form(let name): "the form field \(name)"
    case .json(let path): "\(path.text) of the body"
    case .body: "the body"
    case .signature(let name): "the element \(name) of the signature"
    }
  }
}
