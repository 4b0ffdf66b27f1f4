internal import RelayExpressions
package import RelayModel

/// Credentials of an `http` step. They are added when a request is sent, never before: what is stored and
/// shown of a request has none.
package enum RequestAuth: Sendable, Hashable {
  case bearer(SecretReference)
  case basic(username: String, password: SecretReference)
  /// A header field of the destination's own.
  case header(name: String, SecretReference)
  /// A parameter of the URL's query.
  case query(name: String, SecretReference)

  package var secret: SecretReference {
    switch self {
    case .bearer(let secret), .basic(_, let secret), .header(_, let secret), .query(_, let secret): secret
    }
  }

  /// Adds the credentials. A secret that cannot be had, or cannot stand in a header, is an error.
  package func apply(to request: inout RenderedRequest, secrets: some SecretSource) throws(StepError) {
    let bytes: [UInt8]
    do {
      bytes = try secrets.secret(secret)
    } catch {
      throw StepError(.secret, "auth: \(error)")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    switch self {
    case .bearer: try request.set("Authorization", "Bearer \(text)", "auth")
    case .basic(let username, _):
      let credentials = Value.bytes(Array("\(username):".utf8) + bytes).text
      try request.set("Authorization", "Basic \(credentials)", "auth")
    case .header(let name, _): try request.set(name, text, "auth")
    case .query(let name, _): request.url = request.url.addingQuery([(name, text)])
    }
  }
}
