internal import RelayDocuments
package import RelayHTTP
package import RelayModel

/// Answers the admin interface's requests on one listener.
///
/// From the head alone, on the loop thread: host, route, method, origin, token and role. What passes is done
/// on a worker.
package struct AdminResponder: Responder {
  private let interface: AdminInterface
  private let access: AdminAccess
  private let authenticator: Authenticator

  init(_ interface: AdminInterface, _ access: AdminAccess) {
    self.interface = interface
    self.access = access
    authenticator = Authenticator(
      access: access, tokens: interface.services.tokens, throttle: interface.throttle)
  }

  package func admit(_ head: borrowing RequestHead) -> Admission {
    if let objection = access.objection(to: head) { return .answer(objection) }
    if let guest = guest(head.path) { return guest.admit(head) }
    if let answer = open(method: head.method, path: head.path) { return .answer(answer) }
    switch Routes.table.match(method: head.method, path: head.path) {
    case .unknown:
      return .answer(
        .refusal(404, "not_found", "There is nothing here; /api/openapi.json describes what there is."))
    case .otherMethod(let allowed):
      return .answer(
        .refusal(
          405, "method_not_allowed", "Allowed here: \(allowed).",
          fields: [HTTPResponse.Field("Allow", allowed)]))
    case .route(let route, _): return admit(head, to: route)
    }
  }

  private func admit(_ head: borrowing RequestHead, to route: Route) -> Admission {
    if let role = route.role {
      let caller = authenticator.caller(headers: head.headers, client: head.client, atLeast: role)
      if case .failure(let denial) = caller { return .answer(denial.response) }
    }
    // A form cannot send this type, so that no page of the web can have one submitted.
    let hasBody = head.declaredLength != 0
    if hasBody, route.method != .get, !Self.isJSON(head.headers.first("Content-Type")) {
      return .answer(.refusal(415, "unsupported_media_type", "Send the body as application/json."))
    }
    return .receive(limit: route.body == nil ? ByteCount(0) : route.bodyLimit)
  }

  /// Whoever has such a link needs no token.
  private func guest(_ path: Substring) -> (any Responder)? {
    path.hasPrefix("/approvals/") ? interface.guest : nil
  }

  package func respond(to request: IncomingRequest, exchange: Exchange) -> HTTPResponse? {
    if let guest = guest(request.path) { return guest.respond(to: request, exchange: exchange) }
    guard
      case .route(let route, let parameters) = Routes.table.match(method: request.method, path: request.path)
    else { return .refusal(404, "not_found", "There is nothing here.") }
    var caller = Caller(role: .viewer, name: "anonymous")
    if let role = route.role {
      switch authenticator.caller(headers: request.headers, client: request.client, atLeast: role) {
      case .success(let known): caller = known
      case .failure(let denial): return denial.response
      }
    }
    let call = AdminCall(
      caller: caller, path: parameters, query: QueryItems(request.query), body: request.body,
      now: interface.services.time.now(), services: interface.services)
    let worker = route.isLong ? interface.slow : interface.quick
    guard worker.submit({ exchange.answer(Self.answer(route, call)) }) else {
      return .refusal(503, "busy", "Too many requests wait already.", retryAfter: 1)
    }
    return nil
  }

  private static func answer(_ route: Route, _ call: AdminCall) -> HTTPResponse {
    do throws(AdminProblem) {
      return try route.action(call).response
    } catch {
      return error.response
    }
  }

  private static func isJSON(_ type: String?) -> Bool {
    type?.prefix { $0 != ";" }.split(separator: " ").first?.lowercased() == "application/json"
  }
}

extension AdminResponder {
  /// What needs no token and no worker: `/healthz`, `/readyz`, and a word to whoever opens `/`.
  private func open(method: String, path: some StringProtocol) -> HTTPResponse? {
    guard ["/healthz", "/readyz", "/"].contains(path) else { return nil }
    guard method == "GET" || method == "HEAD" else {
      return .refusal(
        405, "method_not_allowed", "Allowed here: GET, HEAD.",
        fields: [HTTPResponse.Field("Allow", "GET, HEAD")])
    }
    switch path {
    case "/healthz": return HealthAnswer.alive
    case "/readyz": return HealthAnswer.readiness(interface.services.control.status())
    default: return FrontPage.response
    }
  }
}
