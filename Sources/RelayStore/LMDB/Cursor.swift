internal import CLMDB

/// A place in a database while a transaction lasts.
///
/// Safe because it is closed with its owner, who ends before the transaction does.
@safe struct Cursor: ~Copyable {
  /// Nil in a database that the store does not have.
  private let handle: OpaquePointer?
  private let database: Database

  /// `mdb_cursor_open`.
  init(_ database: Database, _ transaction: OpaquePointer, _ environment: Environment) throws(StoreError) {
    self.database = database
    guard environment.has(database) else {
      unsafe self.handle = nil
      return
    }
    var opened: OpaquePointer?
    let code = unsafe mdb_cursor_open(transaction, environment.number(of: database), &opened)
    guard code == 0, let handle = unsafe opened else {
      throw LMDBError(code, "mdb_cursor_open").storeError(in: database)
    }
    unsafe self.handle = handle
  }

  deinit { if let handle = unsafe handle { unsafe mdb_cursor_close(handle) } }

  /// The first entry at or after `key`; the very first for an empty one, which LMDB knows no place for.
  func seek(_ key: KeyBytes) throws(StoreError) -> Entry? {
    key.count == 0 ? try first() : try move(MDB_SET_RANGE, key)
  }

  /// The last entry before `key`.
  func seek(before key: KeyBytes) throws(StoreError) -> Entry? {
    guard try move(MDB_SET_RANGE, key) != nil else { return try last() }
    return try previous()
  }

  func first() throws(StoreError) -> Entry? { try move(MDB_FIRST) }
  func last() throws(StoreError) -> Entry? { try move(MDB_LAST) }
  func next() throws(StoreError) -> Entry? { try move(MDB_NEXT) }
  func previous() throws(StoreError) -> Entry? { try move(MDB_PREV) }

  /// `mdb_cursor_del` of the present entry; the next one takes its place (`MDB_NEXT` goes to it).
  func delete() throws(StoreError) {
    let code = unsafe mdb_cursor_del(handle, 0)
    guard code == 0 else { throw LMDBError(code, "mdb_cursor_del").storeError(in: database) }
  }

  private func move(_ operation: MDB_cursor_op, _ key: KeyBytes) throws(StoreError) -> Entry? {
    guard let handle = unsafe handle else { return nil }
    var found = unsafe MDB_val()
    var value = unsafe MDB_val()
    let code = unsafe key.withBytes { bytes in
      unsafe found = MDB_val(bytes)
      return unsafe mdb_cursor_get(handle, &found, &value, operation)
    }
    return unsafe try entry(code, found, value)
  }

  private func move(_ operation: MDB_cursor_op) throws(StoreError) -> Entry? {
    guard let handle = unsafe handle else { return nil }
    var key = unsafe MDB_val()
    var value = unsafe MDB_val()
    let code = unsafe mdb_cursor_get(handle, &key, &value, operation)
    return unsafe try entry(code, key, value)
  }

  private func entry(_ code: Int32, _ key: MDB_val, _ value: MDB_val) throws(StoreError) -> Entry? {
    guard code != MDB_NOTFOUND else { return nil }
    guard code == 0, unsafe value.isBelievable else {
      throw LMDBError(code == 0 ? MDB_CORRUPTED : code, "mdb_cursor_get").storeError(in: database)
    }
    return unsafe Entry(key: key.bytes, value: value.bytes)
  }
}

extension MDB_val {
  init(_ bytes: UnsafeRawBufferPointer) {
    unsafe self.init(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
  }

  /// False where a damaged page made LMDB answer with a length that no value of ours has.
  var isBelievable: Bool { unsafe mv_size <= StoreLimits.valueBytes }

  var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: mv_data, count: mv_size) }
}
