internal import RelayHTTP
internal import RelayModel

/// Who may use one listener of the admin interface: judged from a request's head, on the loop thread.
package struct AdminAccess: Sendable {
  package enum Authentication: Sendable, Equatable {
    /// A bearer token.
    case token
    /// Nobody is asked: loopback only, which the configuration sees to.
    case none
    /// The user at the other end of the unix socket: the relay's own, or root.
    case peer(userID: UInt32)
  }

  package var authentication: Authentication
  package var hosts: HostList

  package init(authentication: Authentication, hosts: HostList) {
    self.authentication = authentication
    self.hosts = hosts
  }

  /// Why a request of this head is not even looked at: 421 or 403; nil where nothing speaks against it.
  func objection(to head: borrowing RequestHead) -> HTTPResponse? {
    if case .peer(let userID) = authentication {
      guard let peer = head.peerUserID, peer == userID || peer == 0 else {
        return .refusal(403, "forbidden", "This socket is for the relay's own user and root.")
      }
      return nil
    }
    guard let host = head.headers.first("Host"), hosts.contains(host) else {
      return .refusal(
        421, "unknown_host", "The relay is not called by this name; `admin.hosts` can name it.")
    }
    return isForeign(head)
      ? .refusal(403, "foreign_origin", "A page of another origin may not change anything here.") : nil
  }

  /// A state-changing request that a page of another origin had the browser send.
  private func isForeign(_ head: borrowing RequestHead) -> Bool {
    guard !["GET", "HEAD", "OPTIONS"].contains(head.method) else { return false }
    if let site = head.headers.first("Sec-Fetch-Site"), !["same-origin", "none"].contains(site) {
      return true
    }
    guard let origin = head.headers.first("Origin") else { return false }
    guard
      let authority = ["https://", "http://"].first(where: origin.hasPrefix).map({
        origin.dropFirst($0.count)
      })
    else { return true }
    // The very host and port that the request was sent to, not just any that is known.
    return authority.lowercased() != head.headers.first("Host")?.lowercased()
  }
}

extension HTTPResponse {
  /// A problem whose title is the status's own phrase.
  static func refusal(
    _ status: Int, _ code: String, _ detail: String, retryAfter: Int? = nil, fields: [Field] = []
  ) -> HTTPResponse {
    var response = HTTPResponse.problem(
      status: status, code: code, title: StatusPhrase.text(status), detail: detail, retryAfter: retryAfter)
    response.fields += fields + [.noStore]
    return response
  }
}

extension HTTPResponse.Field {
  static let noStore = HTTPResponse.Field("Cache-Control", "no-store")
}
