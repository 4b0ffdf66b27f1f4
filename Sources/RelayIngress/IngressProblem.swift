internal import RelayHTTP
internal import RelayModel
internal import RelayStore

/// The refusals of the hook interface, each a problem document with a stable code.
enum IngressProblem {
  static func unknownHook(_ name: String) -> HTTPResponse {
    .problem(
      status: 404, code: RefusalCode.unknownSource.rawValue, title: "Unknown hook",
      detail: "there is no hook \(quoted(name)): check the URL that the provider calls")
  }

  static let notFound = HTTPResponse.problem(
    status: 404, code: RefusalCode.unknownSource.rawValue, title: "Not found",
    detail: "hooks are served at /hooks/{name}")

  static func disabled(_ name: String) -> HTTPResponse {
    .problem(
      status: 404, code: RefusalCode.sourceDisabled.rawValue, title: "Hook disabled",
      detail: "the hook \(quoted(name)) is switched off in the configuration")
  }

  static func method(_ method: String, allowed: [String]) -> HTTPResponse {
    var problem = HTTPResponse.problem(
      status: 405, code: RefusalCode.methodNotAllowed.rawValue, title: "Method not allowed",
      detail: "\(quoted(method)) is not served here; use \(allowed.joined(separator: ", "))")
    problem.fields.append(HTTPResponse.Field("Allow", allowed.joined(separator: ", ")))
    return problem
  }

  static func rateLimited(retryAfter: Int) -> HTTPResponse {
    .problem(
      status: 429, code: "rate_limited", title: "Too many requests",
      detail: "this hook's rate limit is reached: send again after \(retryAfter) s", retryAfter: retryAfter)
  }

  static func refused(_ refusal: Refusal, status: Int = 401) -> HTTPResponse {
    .problem(status: status, code: refusal.code.rawValue, title: "Signature refused", detail: refusal.detail)
  }

  static let draining = HTTPResponse.problem(
    status: 503, code: "draining", title: "Shutting down",
    detail: "the relay is stopping: send again in a moment", retryAfter: 5)

  /// What could not be made durable is refused, never acknowledged.
  static func notDurable(_ error: StoreError) -> HTTPResponse {
    let code =
      switch error {
      case .full: "store_full"
      case .diskFull: "disk_full"
      case .closing: "draining"
      default: "store_failed"
      }
    return .problem(
      status: 503, code: code, title: "Not stored",
      detail: "the event could not be made durable and was not accepted: send it again", retryAfter: 5)
  }

  /// Text from a request, short and printable, in a sentence.
  private static func quoted(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(64).map { $0.value < 32 || $0.value > 126 ? "?" : Character($0) }
    return "\"\(String(shown))\""
  }
}
