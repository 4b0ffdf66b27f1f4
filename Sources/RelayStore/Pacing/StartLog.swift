internal import RelayModel

/// When a throttle let executions begin, as far back as it looks.
struct StartLog: StoredRecord {
  static let version: UInt8 = 1

  private(set) var instants: [Timestamp]
  /// Nothing of it counts any more after this.
  private(set) var until: Timestamp

  init() {
    instants = []
    until = .epoch
  }

  /// Counts a start at `now`; false, and nothing changes, where there have been `limit` within `span`. A clock that
  /// went back opens it: instants that lie ahead do not count.
  mutating func count(limit: Int, span: Duration, now: Timestamp) -> Bool {
    let counted = instants.filter { $0 <= now && $0 > now - span }
    guard counted.count < limit else { return false }
    instants = counted + [now]
    until = now + span
    return true
  }

  borrowing func encode(to writer: inout RecordWriter) {
    writer.list(instants) { $0.time($1) }
    writer.time(until)
  }

  init?(from reader: inout RecordReader) {
    instants = reader.list { $0.time() }
    until = reader.time()
  }
}
