/// A URL taken apart without being changed: joining the parts gives the text back.
struct RequestURL: Hashable {
  /// `https` of `https://host:443/path?query`; empty where the text has no scheme.
  let scheme: String
  /// Host and port, with what may stand before an `@`.
  let authority: String
  let path: String
  /// What follows the first `?`; empty where there is none.
  let query: String
  private let hasQuery: Bool

  init(_ text: String) {
    var rest = Substring(text.prefix { $0 != "#" })
    if let colon = rest.firstIndex(of: ":"), rest[colon...].hasPrefix("://") {
      scheme = String(rest[..<colon])
      rest = rest[colon...].dropFirst(3)
      authority = String(rest.prefix { $0 != "/" && $0 != "?" })
      rest = rest.dropFirst(authority.count)
    } else {
      scheme = ""
      authority = ""
    }
    path = String(rest.prefix { $0 != "?" })
    hasQuery = path.count < rest.count
    query = String(rest.dropFirst(path.count + 1))
  }

  /// The host without its port, in lower case.
  var host: String { hostAndPort.host.lowercased() }

  /// Path and query, as in a request line; `/` for an empty path.
  var target: String { (path.isEmpty ? "/" : path) + (hasQuery ? "?" + query : "") }

  /// The URL up to its path.
  var withoutQuery: String { prefix(authority) + path }

  /// The URL with the scheme's own port written out, where it has none.
  var withPort: String {
    let (host, port) = hostAndPort
    guard port == nil, let own = Self.ports[scheme.lowercased()] else { return joined(authority) }
    return joined("\(host):\(own)")
  }

  /// The URL without its port.
  var withoutPort: String { joined(hostAndPort.host) }

  private static let ports = ["http": 80, "https": 443]

  private var hostAndPort: (host: String, port: Substring?) {
    guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else {
      return (authority, nil)
    }
    return (String(authority[..<colon]), authority[colon...].dropFirst())
  }

  private func prefix(_ authority: String) -> String { scheme.isEmpty ? "" : "\(scheme)://\(authority)" }

  private func joined(_ authority: String) -> String {
    prefix(authority) + path + (hasQuery ? "?" + query : "")
  }
}
