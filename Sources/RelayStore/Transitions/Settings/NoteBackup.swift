package import RelayModel

/// Notes that the store was copied, so that somebody is told when the last copy grows old.
package struct NoteBackup: Transition {
  package var at: Timestamp

  package init(at: Timestamp) { self.at = at }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    try transaction.put(.meta, MetaKey.backup, BackupNote(at: at))
  }
}

extension Snapshot {
  /// When the store was last copied; nil where it never was, or a restart from damage forgot it.
  package func lastBackup() throws(StoreError) -> Timestamp? {
    let note: BackupNote? = try record(.meta, MetaKey.backup)
    return note?.at
  }
}

private struct BackupNote: StoredRecord {
  static let version: UInt8 = 1

  var at: Timestamp

  init(at: Timestamp) { self.at = at }

  func encode(to writer: inout RecordWriter) { writer.time(at) }
  init?(from reader: inout RecordReader) { at = reader.time() }
}
