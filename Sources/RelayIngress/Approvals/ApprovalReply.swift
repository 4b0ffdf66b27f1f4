internal import RelayDocuments
internal import RelayHTTP
internal import RelayModel
internal import RelayStore

/// The answers of an approval's link: a page for people, JSON for what asks for JSON and for no page.
struct ApprovalReply: Sendable {
  private let wantsJSON: Bool

  init(to request: IncomingRequest) {
    let accepted = request.headers.first("Accept") ?? ""
    wantsJSON = accepted.contains("application/json") && !accepted.contains("text/html")
  }

  // MARK: Looking

  func shown(_ state: ApprovalState, _ asker: ApprovalAsker) -> HTTPResponse {
    guard case .open(let question, let deadline) = state else { return closed(state, status: status(state)) }
    guard wantsJSON else {
      return page(200, ApprovalPage.question(question, deadline, asker))
    }
    return json(
      200,
      [
        "state": "open", "title": .string(question.title), "message": .string(question.message),
        "until": .string(deadline.rfc3339), "workflow": .string(asker.workflow),
        "execution": .string(asker.execution),
      ])
  }

  private func status(_ state: ApprovalState) -> Int {
    switch state {
    case .open, .decided: 200
    case .expired: 410
    case .notYet, .gone: 404
    }
  }

  // MARK: Deciding

  func decided(_ isApproved: Bool) -> HTTPResponse {
    let verdict = isApproved ? "approved" : "rejected"
    return wantsJSON
      ? json(200, ["state": .string(verdict)])
      : page(200, ApprovalPage.word("Thank you", "It is \(verdict). You can close this page."))
  }

  /// Somebody else, or the time, was first.
  func late(_ state: ApprovalState) -> HTTPResponse {
    if case .decided = state { return closed(state, status: 409) }
    return closed(state, status: status(state))
  }

  func refused(_ why: String) -> HTTPResponse {
    wantsJSON
      ? .problem(status: 422, code: "bad_decision", title: "No decision", detail: why)
      : page(422, ApprovalPage.word("No decision", "\(why). Go back and try again."))
  }

  var unknown: HTTPResponse { closed(.gone, status: 404) }

  /// The store took nothing, or cannot be read.
  var failed: HTTPResponse {
    wantsJSON
      ? .problem(
        status: 503, code: "store_failed", title: "Not stored", detail: "nothing was decided: try again",
        retryAfter: 5)
      : page(503, ApprovalPage.word("Not now", "Nothing was decided. Try again in a moment."))
  }

  // MARK: Forms

  private func closed(_ state: ApprovalState, status: Int) -> HTTPResponse {
    let (code, title, text) = Self.words(state)
    guard wantsJSON else { return page(status, ApprovalPage.word(title, text)) }
    return status == 200
      ? json(200, ["state": .string(code)])
      : .problem(status: status, code: code, title: title, detail: text)
  }

  private static func words(_ state: ApprovalState) -> (code: String, title: String, text: String) {
    switch state {
    case .open: ("open", "Open", "It is not decided.")
    case .decided(true): ("approved", "Approved", "This has been decided: it was approved.")
    case .decided(false): ("rejected", "Rejected", "This has been decided: it was rejected.")
    case .expired: ("expired", "Too late", "Nobody decided in time. The link works no more.")
    case .notYet: ("not_yet", "Not yet", "The workflow has not come to this question. Try again in a moment.")
    case .gone: ("not_found", "Nothing to decide", "There is no such question, or it is asked no more.")
    }
  }

  private func page(_ status: Int, _ html: [UInt8]) -> HTTPResponse {
    HTTPResponse(
      status: status, contentType: "text/html; charset=utf-8",
      fields: Self.guards + [
        HTTPResponse.Field(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; "
            + "base-uri 'none'")
      ], body: html)
  }

  private func json(_ status: Int, _ value: JSON) -> HTTPResponse {
    HTTPResponse(
      status: status, contentType: "application/json", fields: Self.guards, body: value.serialized())
  }

  /// The link is a secret: no cache keeps the page, and no other site learns where it was.
  private static let guards = [
    HTTPResponse.Field("Cache-Control", "no-store"), HTTPResponse.Field("Referrer-Policy", "no-referrer"),
    HTTPResponse.Field("X-Content-Type-Options", "nosniff"), HTTPResponse.Field("X-Frame-Options", "DENY"),
    HTTPResponse.Field("X-Robots-Tag", "noindex"),
  ]
}
