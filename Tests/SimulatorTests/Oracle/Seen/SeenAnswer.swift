import RelayHTTP
import RelayModel
import RelaySandbox

/// What came of a request, or of a script.
enum SeenAnswer {
  case http(HTTPAnswer)
  case transferFailed(TransferError)
  case script([UInt8])
  case scriptFailed(ScriptFailure)
  /// The relay ended it.
  case cancelled

  init(_ result: Result<HTTPAnswer, TransferError>) {
    switch result {
    case .success(let answer): self = .http(answer)
    case .failure(.cancelled): self = .cancelled
    case .failure(let error): self = .transferFailed(error)
    }
  }

  init(_ result: Result<[UInt8], ScriptFailure>) {
    switch result {
    case .success(let value): self = .script(value)
    case .failure(let error): self = .scriptFailed(error)
    }
  }

  /// Whether who was asked shows life; nil where it shows neither.
  var isAlive: Bool? {
    switch self {
    case .http(let answer): !(answer.status == 408 || answer.status >= 500)
    case .transferFailed(.overloaded), .transferFailed(.closing), .cancelled: nil
    case .transferFailed: false
    case .script, .scriptFailed: true
    }
  }

  var brokeKeptConnection: Bool {
    if case .transferFailed(.reset(_, _, .sentOnKeptConnection)) = self { true } else { false }
  }

  var hasRetryAfter: Bool {
    if case .http(let answer) = self { answer.headers.first("Retry-After") != nil } else { false }
  }

  var text: String {
    switch self {
    case .http(let answer):
      "\(answer.status) \(answer.headers.first("Retry-After").map { "Retry-After \($0)" } ?? "")"
    case .transferFailed(let error): error.code
    case .script: "a value"
    case .scriptFailed(let failure): failure.code.rawValue
    case .cancelled: "cancelled"
    }
  }
}

/// What contract and plan say of an outcome.
enum Verdict: Equatable {
  case good
  case bad
  /// May be tried again; `isFree` uses up time, not attempts.
  case again(isFree: Bool)

  init(_ answer: SeenAnswer, _ plan: StepPlan) {
    switch answer {
    case .script: self = .good
    case .scriptFailed(let failure):
      self = [.lost, .unavailable].contains(failure.code) ? .again(isFree: false) : .bad
    case .http(let answer) where plan.accepts(answer.status): self = .good
    case .http(let http):
      switch http.status {
      case 429: self = .again(isFree: true)
      case 408, 425, 500...599: self = .again(isFree: answer.hasRetryAfter)
      default: self = .bad
      }
    case .transferFailed, .cancelled: self = .again(isFree: false)
    }
  }
}

extension StepPlan {
  fileprivate func accepts(_ status: Int) -> Bool {
    if case .http(_, expects: true) = verb {
      [200, 404].contains(status)
    } else {
      (200...299).contains(status)
    }
  }
}
