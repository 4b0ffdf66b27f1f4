internal import RelayModel

/// What makes a delivery the same as an earlier one: 16 bytes of a hash over hook and key, and how
/// long the earlier one counts.
package struct DedupeMark: Sendable, Hashable {
  /// The first 12 bytes are stored.
  package var hash: [UInt8]
  package var window: Duration

  /// A programmer error unless `hash` has 16 bytes.
  package init(hash: [UInt8], window: Duration) {
    precondition(hash.count == 16, "a dedupe hash has 16 bytes")
    self.hash = hash
    self.window = window
  }
}

/// The answer that was given: the event, and how many executions came right after it.
struct DedupeValue: StoredRecord, Equatable {
  static let version: UInt8 = 1

  var event: RecordKey
  var executions: Int

  init(event: RecordKey, executions: Int) {
    self.event = event
    self.executions = executions
  }

  func encode(to writer: inout RecordWriter) {
    writer.key(event)
    writer.varint(UInt64(executions))
  }

  init?(from reader: inout RecordReader) {
    event = reader.key()
    executions = Int(reader.number(UInt16.self))
  }
}

extension DedupeMark {
  /// The key in `dedupe`: one look-up finds an earlier event of any age.
  var key: KeyBytes {
    var key = KeyBytes()
    for index in 0..<12 { key.add(hash[index]) }
    return key
  }
}

extension Snapshot {
  /// The earlier event that `mark` repeats, looking back from `now`; nil when there is none.
  func duplicate(of mark: DedupeMark, now: Timestamp) throws(StoreError) -> DedupeValue? {
    let earlier: DedupeValue? = try record(.dedupe, mark.key)
    guard let earlier, earlier.event.instant >= now - mark.window else { return nil }
    return earlier
  }
}
