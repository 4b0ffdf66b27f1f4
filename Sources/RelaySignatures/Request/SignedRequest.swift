package import RelayModel

/// A request whose signature is to be judged: exactly what the sender sent, before anybody parsed it.
package struct SignedRequest: Sendable {
  /// What stands before `target` in the URL that the sender called: scheme, host and port as the sender
  /// knows them.
  package enum Base: Sendable {
    case url(String)
    /// This scheme and the request's own Host field. Few providers sign the URL: it is put together only
    /// where it is asked for.
    case host(scheme: String)
  }

  package var method: String
  package var base: Base
  /// Path and query, percent-encoding untouched.
  package var target: String
  package var headers: HeaderFields
  package var body: [UInt8]

  package init(method: String, base: Base, target: String, headers: HeaderFields, body: [UInt8]) {
    self.method = method
    self.base = base
    self.target = target
    self.headers = headers
    self.body = body
  }

  /// A request whose whole URL is known.
  package init(method: String, url: String, headers: HeaderFields, body: [UInt8]) {
    self.init(method: method, base: .url(url), target: "", headers: headers, body: body)
  }

  /// The URL that the sender called.
  package var url: String {
    switch base {
    case .url(let text): text + target
    case .host(let scheme): "\(scheme)://\(headers.first("Host") ?? "")\(target)"
    }
  }
}
