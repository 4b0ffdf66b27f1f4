internal import Glibc
internal import RelayModel

/// The process's open files: sockets in and out, the store, and some to spare.
enum Descriptors {
  /// For the store, inboxes, listeners, logs and look-ups.
  private static let reserve = 128

  /// Raises the limit as far as the system lets it, and answers how many connections may be open: the
  /// number asked for, or fewer with a warning.
  static func raise(for connections: Int, executions: Int, _ log: any Log) -> Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return connections
    }
    let wanted = connections + executions + reserve
    if limit.rlim_cur < rlim_t(wanted) {
      limit.rlim_cur = min(rlim_t(wanted), limit.rlim_max)
      // A refusal leaves the limit as it was, which is read again below.
      _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
        return connections
      }
    }
    let possible = Int(clamping: limit.rlim_cur) - executions - reserve
    guard possible < connections else { return connections }
    let lowered = max(16, possible)
    log.warning(
      "too few descriptors for limits.connections: lowered (raise it with ulimit -n or LimitNOFILE)",
      .number("connections", lowered), .number("descriptors", limit.rlim_cur))
    return lowered
  }
}
