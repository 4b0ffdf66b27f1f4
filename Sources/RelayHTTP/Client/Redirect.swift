internal import RelayModel

/// The request that a redirect asks for, as pure rules (RFC 9110, section 15.4).
enum Redirect {
  /// What `follow` goes on with after `answer`; nil when the answer asks for no other request.
  ///
  /// The next request is judged anew: its host counts as written out only while it stays the origin
  /// that was. Fields go along to another origin only if they are known to hold no credential.
  static func next(
    after status: Int, location: String?, from hop: Hop
  ) throws(TransferError) -> Hop? {
    guard [301, 302, 303, 307, 308].contains(status), let location else { return nil }
    let url = try resolve(location, from: hop.url)
    let becomesGet = changesToGet(status, hop.method)
    let staysHome = isSameOrigin(hop.url.destination, url.destination)
    let kept = hop.headers.all.filter { name, _ in
      (!becomesGet || !isContent(name)) && (staysHome || harmless.contains(name.lowercased()))
    }
    let headers = HeaderFields(kept.map { ($0.name, $0.value) })
    return Hop(
      method: becomesGet ? "GET" : hop.method, url: url, headers: headers, body: becomesGet ? [] : hop.body,
      hostIsLiteral: staysHome && hop.hostIsLiteral)
  }

  private static func resolve(_ location: String, from url: HTTPURL) throws(TransferError) -> HTTPURL {
    let next: HTTPURL
    do throws(TransferError) { next = try url.resolving(location) } catch {
      throw .badRedirect(error.message)
    }
    guard next.destination.scheme == .https || url.destination.scheme == .http else {
      throw .badRedirect("it leaves https for http")
    }
    return next
  }

  private static func changesToGet(_ status: Int, _ method: String) -> Bool {
    switch status {
    case 303: method != "HEAD" && method != "GET"
    case 301, 302: method == "POST"
    default: false
    }
  }

  /// The same scheme, host and port; or from http to https of one host, each on its own port.
  private static func isSameOrigin(_ from: Destination, _ to: Destination) -> Bool {
    from == to
      || from.host == to.host && from.scheme == .http && to.scheme == .https && from.port == 80
        && to.port == 443
  }

  private static func isContent(_ name: String) -> Bool { name.lowercased().hasPrefix("content-") }

  private static let harmless: Set<String> = [
    "accept", "accept-language", "content-encoding", "content-language", "content-type", "idempotency-key",
    "user-agent",
  ]
}

/// One request on the wire, after its URL was read: a transfer has one, and one more for each redirect.
/// An object, so that it is passed on without copying its parts.
final class Hop: Sendable {
  let method: String
  let url: HTTPURL
  let headers: HeaderFields
  let body: [UInt8]
  let hostIsLiteral: Bool

  init(
    method: String, url: HTTPURL, headers: HeaderFields, body: [UInt8], hostIsLiteral: Bool
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.hostIsLiteral = hostIsLiteral
  }
}
