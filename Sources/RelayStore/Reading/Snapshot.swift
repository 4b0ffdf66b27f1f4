internal import CLMDB
package import RelayModel

/// What the store holds at one instant, for the length of one closure. It pins pages, so nobody waits
/// or calls out while looking.
///
/// Safe because whoever makes one ends the transaction after it, and nothing that LMDB lends leaves
/// a function here but as a copy.
@safe package struct Snapshot: ~Copyable {
  let environment: Environment
  let transaction: OpaquePointer
  /// Draws outside ids.
  package let tag: StoreTag

  init(environment: Environment, transaction: OpaquePointer, tag: StoreTag) {
    self.environment = environment
    unsafe self.transaction = transaction
    self.tag = tag
  }

  /// The record under `key`; nil where there is none. Throws `damaged` where it cannot be believed.
  func record<R: StoredRecord>(
    _ database: Database, _ key: KeyBytes, as type: R.Type = R.self
  ) throws(StoreError) -> R? {
    guard let value = try unsafe value(database, key) else { return nil }
    return try unsafe decode(value, database, key)
  }

  /// The record of an entry that a cursor stands on.
  func decode<R: StoredRecord>(
    _ entry: Entry, _ database: Database, as type: R.Type = R.self
  ) throws(StoreError) -> R {
    guard let key = entry.wholeKey else {
      throw .damaged(database: database.name, key: entry.hex)
    }
    return try unsafe decode(entry.value, database, key)
  }

  func contains(_ database: Database, _ key: KeyBytes) throws(StoreError) -> Bool {
    try unsafe value(database, key) != nil
  }

  func cursor(_ database: Database) throws(StoreError) -> Cursor {
    try unsafe Cursor(database, transaction, environment)
  }

  /// How many entries a database has.
  func count(_ database: Database) -> Int {
    guard environment.has(database) else { return 0 }
    var statistics = MDB_stat()
    unsafe mdb_stat(transaction, environment.number(of: database), &statistics)
    return Int(statistics.ms_entries)
  }

  /// The value as LMDB lends it, until the transaction's next write.
  func value(_ database: Database, _ key: KeyBytes) throws(StoreError) -> UnsafeRawBufferPointer? {
    guard environment.has(database) else { return nil }
    var value = unsafe MDB_val()
    let code = unsafe key.withBytes { bytes in
      var wanted = unsafe MDB_val(bytes)
      return unsafe mdb_get(transaction, environment.number(of: database), &wanted, &value)
    }
    guard code != MDB_NOTFOUND else { return nil }
    guard code == 0, unsafe value.isBelievable else {
      throw LMDBError(code == 0 ? MDB_CORRUPTED : code, "mdb_get").storeError(in: database)
    }
    return unsafe value.bytes
  }

  private func decode<R: StoredRecord>(
    _ value: UnsafeRawBufferPointer, _ database: Database, _ key: KeyBytes
  ) throws(StoreError) -> R {
    let read = unsafe key.withBytes { unsafe RecordReader(record: value, key: $0) }
    guard var reader = read else { throw damaged(database, key) }
    guard reader.version & Pieces.mark == 0 else {
      let whole = try pieces(database, key, stub: &reader)
      return try unsafe whole.span.bytes.withUnsafeBytes { bytes throws(StoreError) in
        var reader = unsafe RecordReader(payload: bytes, version: reader.version & ~Pieces.mark)
        return try finish(&reader, database, key)
      }
    }
    return try finish(&reader, database, key)
  }

  private func finish<R: StoredRecord>(
    _ reader: inout RecordReader, _ database: Database, _ key: KeyBytes
  ) throws(StoreError) -> R {
    guard (1...R.version).contains(reader.version), let record = R(from: &reader), reader.isSound,
      reader.isAtEnd
    else { throw damaged(database, key) }
    return record
  }

  func damaged(_ database: Database, _ key: KeyBytes) -> StoreError {
    .damaged(database: database.name, key: unsafe key.withBytes { unsafe $0.hex })
  }
}
