internal import RelayHTTP
internal import RelayStore

/// Why a request of the admin interface is not done. Answered as a problem document.
struct AdminProblem: Error, Sendable, Equatable {
  let status: Int
  /// Stable, for machines.
  let code: String
  let detail: String

  init(_ status: Int, _ code: String, _ detail: String) {
    self.status = status
    self.code = code
    self.detail = detail
  }

  static func invalid(_ detail: String) -> AdminProblem { AdminProblem(400, "invalid", detail) }

  static func notFound(_ what: String) -> AdminProblem { AdminProblem(404, "not_found", what) }

  init(_ error: ControlError) {
    switch error {
    case .notFound(let detail): self.init(404, "not_found", detail)
    case .conflict(let detail): self.init(409, "conflict", detail)
    case .invalid(let detail): self.init(400, "invalid", detail)
    case .unavailable(let detail): self.init(503, "unavailable", detail)
    }
  }

  init(_ error: StoreError) {
    switch error {
    case .damaged: self.init(500, "record_damaged", error.message)
    case .unusable: self.init(409, "conflict", error.message)
    case .full, .diskFull, .ioFailed, .busy, .newerFormat, .closing:
      self.init(503, "unavailable", error.message)
    }
  }

  var response: HTTPResponse { .refusal(status, code, detail) }
}
