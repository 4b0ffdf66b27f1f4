/// All routes, and which of them a request means.
struct RouteTable: Sendable {
  let routes: [Route]

  enum Match: Sendable {
    case route(Route, parameters: [String: String])
    /// The path is known; these methods are allowed.
    case otherMethod(allowed: String)
    case unknown
  }

  init(_ routes: [Route]) { self.routes = routes }

  /// Literal paths win over names, whatever the order of the table. HEAD is answered as GET.
  func match(method: String, path: some StringProtocol) -> Match {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map { Substring($0) }
    let wanted = method == "HEAD" ? "GET" : method
    var found: (route: Route, parameters: [String: String])?
    var allowed: [String] = []
    for route in routes {
      guard let parameters = route.path.match(parts) else { continue }
      allowed += route.method == .get ? ["GET", "HEAD"] : [route.method.rawValue]
      guard route.method.rawValue == wanted else { continue }
      if found.map({ parameters.count < $0.parameters.count }) ?? true { found = (route, parameters) }
    }
    if let found { return .route(found.route, parameters: found.parameters) }
    return allowed.isEmpty ? .unknown : .otherMethod(allowed: allowed.joined(separator: ", "))
  }
}
