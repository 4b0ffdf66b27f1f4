internal import RelayModel

/// When a record was found damaged.
struct DamageNote: StoredRecord {
  static let version: UInt8 = 1

  var at: Timestamp

  init(at: Timestamp) { self.at = at }

  func encode(to writer: inout RecordWriter) { writer.time(at) }
  init?(from reader: inout RecordReader) { at = reader.time() }
}

extension WriteTransaction {
  /// Reads a record; a damaged one is noted and counts as missing, so that one record never stops the
  /// others.
  mutating func believed<R: StoredRecord>(
    _ database: Database, _ key: KeyBytes, as type: R.Type = R.self
  ) throws(StoreError) -> R? {
    do throws(StoreError) {
      return try snapshot.record(database, key)
    } catch .damaged(let database, let key) {
      try setAside(database, key)
      return nil
    }
  }

  mutating func believedEvent(_ key: RecordKey, _ events: inout EventCache) throws(StoreError) -> StoredEvent?
  {
    do throws(StoreError) {
      return try events.event(key, snapshot)
    } catch .damaged(let database, let key) {
      try setAside(database, key)
      return nil
    }
  }

  /// Notes damage once.
  private mutating func setAside(_ database: String, _ key: String) throws(StoreError) {
    var noteKey = KeyBytes()
    for byte in "\(database):\(key)".utf8.prefix(KeyBytes.capacity) { noteKey.add(byte) }
    guard try !snapshot.contains(.damaged, noteKey) else { return }
    try put(.damaged, noteKey, DamageNote(at: state.lastKey.instant))
    state.damaged += 1
  }

  /// Ends an execution whose event cannot be read: it would be a false delivery.
  mutating func failDamaged(_ key: RecordKey, _ record: inout ExecutionRecord, now: Timestamp)
    throws(StoreError)
  {
    let failure = Failure(
      step: "", code: "damaged", message: "The event of this execution is damaged in the store.")
    try end(key, &record, Ending(status: .failed, failure: failure, at: now))
  }
}
