internal import RelayModel

/// An execution that a step of another one starts, and waits for.
package struct ChildRun: Sendable {
  package var event: NewEvent
  package var execution: NewExecution

  package init(event: NewEvent, execution: NewExecution) {
    self.event = event
    self.execution = execution
  }
}

/// The value in `parents`: which execution waits for this one's end.
struct ParentLink: StoredRecord {
  static let version: UInt8 = 1

  var parent: RecordKey

  init(parent: RecordKey) { self.parent = parent }

  func encode(to writer: inout RecordWriter) { writer.key(parent) }
  init?(from reader: inout RecordReader) { parent = reader.key() }
}
