internal import CLMDB
internal import Glibc
internal import RelayModel

/// The owner of the LMDB environment: opens and closes it, begins transactions.
///
/// Sendable because LMDB's environment may be used by any thread; the rules beyond that (one writer,
/// a transaction on one thread at a time, no transaction at the close) are kept by `Store`, the only
/// user. Safe because the handle is made here, is never lent out beyond a call, and is closed once.
@safe final class Environment: @unchecked Sendable {
  /// The file inside the data folder; LMDB's own lock lies beside it.
  static let fileName = "data.mdb"
  static let lockFileName = "lock.mdb"

  private let handle: OpaquePointer
  private let databases: [MDB_dbi]
  /// Held until the file is closed.
  let folder: DataFolder
  let pageSize: Int

  struct Options {
    var flags: UInt32
    var mapSize: Int
    var creates: Bool
  }

  /// Opens the environment in a locked folder, and all databases.
  init(folder: DataFolder, options: Options) throws(LMDBError) {
    let handle = try unsafe Self.opened(folder.path, options)
    self.folder = folder
    do throws(LMDBError) {
      unsafe self.databases = try Self.openDatabases(handle, creates: options.creates)
    } catch {
      unsafe mdb_env_close(handle)
      throw error
    }
    unsafe self.handle = handle
    var statistics = MDB_stat()
    unsafe mdb_env_stat(handle, &statistics)
    self.pageSize = Int(statistics.ms_psize)
  }

  /// `mdb_env_close`. Nobody may use the environment afterwards: the store ends its threads first.
  deinit { unsafe mdb_env_close(handle) }

  private static func opened(_ directory: String, _ options: Options) throws(LMDBError) -> OpaquePointer {
    var made: OpaquePointer?
    try unsafe check(mdb_env_create(&made), "mdb_env_create")
    guard let handle = unsafe made else { throw LMDBError(ENOMEM, "mdb_env_create") }
    do throws(LMDBError) {
      try unsafe check(mdb_env_set_maxdbs(handle, UInt32(Database.allCases.count)), "mdb_env_set_maxdbs")
      try unsafe check(mdb_env_set_maxreaders(handle, 512), "mdb_env_set_maxreaders")
      try unsafe check(mdb_env_set_mapsize(handle, options.mapSize), "mdb_env_set_mapsize")
      try unsafe check(mdb_env_set_assert(handle, storeAssertionFailed), "mdb_env_set_assert")
      try unsafe check(
        mdb_env_open(handle, directory, options.flags | UInt32(MDB_NOTLS), 0o600),
        "mdb_env_open \(directory)")
      var dead: Int32 = 0
      if options.flags & UInt32(MDB_NOLOCK) == 0 {
        try unsafe check(mdb_reader_check(handle, &dead), "mdb_reader_check")
      }
    } catch {
      unsafe mdb_env_close(handle)
      throw error
    }
    return unsafe handle
  }

  private static func openDatabases(
    _ handle: OpaquePointer, creates: Bool
  ) throws(LMDBError) -> [MDB_dbi] {
    var transaction: OpaquePointer?
    try unsafe check(
      mdb_txn_begin(handle, nil, creates ? 0 : UInt32(MDB_RDONLY), &transaction), "mdb_txn_begin")
    var opened: [MDB_dbi] = []
    for database in Database.allCases {
      var number: MDB_dbi = 0
      let code = unsafe mdb_dbi_open(transaction, database.name, creates ? UInt32(MDB_CREATE) : 0, &number)
      if code == MDB_NOTFOUND, !creates, !database.isOriginal {
        opened.append(Self.absent)
        continue
      }
      guard code == 0 else {
        unsafe mdb_txn_abort(transaction)
        throw LMDBError(code, "mdb_dbi_open \(database.name)")
      }
      opened.append(number)
    }
    try unsafe check(mdb_txn_commit(transaction), "mdb_txn_commit")
    return opened
  }

  func number(of database: Database) -> MDB_dbi { databases[database.rawValue] }

  /// False for a database that an older store does not have; nothing is in it.
  func has(_ database: Database) -> Bool { databases[database.rawValue] != Self.absent }

  /// No database of LMDB's has this number.
  private static let absent = MDB_dbi.max

  /// `mdb_txn_begin` for the one writer. The thread that begins must end it.
  func beginWriting() throws(LMDBError) -> OpaquePointer {
    try unsafe begin(flags: 0)
  }

  /// `mdb_txn_begin` for a reader.
  func beginReading() throws(LMDBError) -> OpaquePointer {
    try unsafe begin(flags: UInt32(MDB_RDONLY))
  }

  /// Looks at the last commit.
  func read<R>(
    tag: StoreTag, _ body: (borrowing Snapshot) throws(StoreError) -> R
  ) throws(StoreError) -> R {
    let reading: OpaquePointer
    do throws(LMDBError) { unsafe reading = try beginReading() } catch { throw error.storeError() }
    defer { unsafe mdb_txn_abort(reading) }
    return try unsafe body(Snapshot(environment: self, transaction: reading, tag: tag))
  }

  /// One commit of our own, outside of the committer: when a store is made.
  func write(_ body: (inout WriteTransaction) throws(StoreError) -> Void) throws(StoreError) {
    let handle: OpaquePointer
    do throws(LMDBError) { unsafe handle = try beginWriting() } catch { throw error.storeError() }
    var transaction = unsafe WriteTransaction(
      environment: self, transaction: handle, tag: StoreTag(random: 0), state: StoreState(),
      recent: RecentMarks(capacity: .max), tallies: Tallies(), listening: ListeningHooks(), judge: nil,
      permits: StartPermits(0), summaries: nil, writer: RecordWriter())
    do throws(StoreError) {
      try body(&transaction)
    } catch {
      unsafe mdb_txn_abort(handle)
      throw error
    }
    let code = unsafe mdb_txn_commit(handle)
    guard code == 0 else { throw LMDBError(code, "mdb_txn_commit").storeError() }
  }

  private func begin(flags: UInt32) throws(LMDBError) -> OpaquePointer {
    var transaction: OpaquePointer?
    try unsafe check(mdb_txn_begin(handle, nil, flags, &transaction), "mdb_txn_begin")
    guard let begun = unsafe transaction else { throw LMDBError(ENOMEM, "mdb_txn_begin") }
    return unsafe begun
  }

  /// The highest page that the last commit used. The pages below may be free.
  var lastPage: Int {
    var info = unsafe MDB_envinfo()
    unsafe mdb_env_info(handle, &info)
    return unsafe Int(info.me_last_pgno)
  }

  /// How far into the file LMDB has come.
  var touchedBytes: Int { (lastPage + 1) * pageSize }

  /// Pages inside the file that hold nothing: LMDB lists them by the transaction that freed them, each
  /// list with its length in front.
  var freePages: Int {
    let reading: OpaquePointer
    do throws(LMDBError) {
      unsafe reading = try beginReading()
    } catch {
      // A figure for pages and metrics: whoever needs the store finds out why it cannot be read.
      return 0
    }
    defer { unsafe mdb_txn_abort(reading) }
    var cursor: OpaquePointer?
    guard unsafe mdb_cursor_open(reading, 0, &cursor) == 0 else { return 0 }
    defer { unsafe mdb_cursor_close(cursor) }
    var key = unsafe MDB_val()
    var list = unsafe MDB_val()
    var pages = 0
    while unsafe mdb_cursor_get(cursor, &key, &list, MDB_NEXT) == 0 {
      if let length = unsafe list.bytes.first(as: UInt.self) { pages += Int(clamping: length) }
    }
    return pages
  }

  /// `mdb_env_copy2` with compaction, into an existing empty folder.
  func copy(to directory: String) throws(LMDBError) {
    try unsafe check(
      mdb_env_copy2(handle, directory, UInt32(MDB_CP_COMPACT)), "mdb_env_copy2 \(directory)")
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func first<T: BitwiseCopyable>(as type: T.Type) -> T? {
    count >= MemoryLayout<T>.size ? unsafe loadUnaligned(as: type) : nil
  }
}
