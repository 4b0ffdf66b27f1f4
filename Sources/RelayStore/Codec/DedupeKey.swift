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
