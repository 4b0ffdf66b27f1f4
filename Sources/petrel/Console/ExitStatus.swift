internal import RelayAdmin

/// What a command's end means to whoever called it; the numbers are those of sysexits.h where it has one.
enum ExitStatus: Int32, Sendable {
  case done = 0
  /// What was asked for failed.
  case failed = 1
  /// Some of it was done.
  case partly = 3
  case usage = 64
  case badInput = 65
  case notFound = 66
  case unreachable = 69
  /// A defect of petrel's.
  case defect = 70
  case io = 74
  /// Busy: try again.
  case busy = 75
  case denied = 77
  case badConfiguration = 78
  case interrupted = 130
}

extension ExitStatus {
  /// What an answer of the admin interface means.
  init(httpStatus status: Int) {
    switch status {
    case 200..<300: self = .done
    case 401, 403, 421: self = .denied
    case 404: self = .notFound
    case 400, 405, 413, 415, 422: self = .badInput
    case 409: self = .failed
    case 429, 503: self = .busy
    default: self = .defect
    }
  }
}
