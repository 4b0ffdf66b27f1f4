internal import CLMDB
internal import RelayModel

/// One commit under way: what transitions read and write through. Made and ended by the committer.
///
/// Safe because the committer's thread alone has it, and the cursors it keeps live no longer than the
/// LMDB transaction, which frees them.
@safe package struct WriteTransaction: ~Copyable {
  /// Reads what the transaction has written so far.
  package let snapshot: Snapshot
  let environment: Environment
  let permits: StartPermits
  /// What is told upstream of an end; nil where there is no upstream.
  let summaries: StoreConfiguration.Payloads?
  /// Marks and counts, written once at the end of the commit.
  var state: StoreState
  /// Marks of earlier commits that are not in the index yet, and those of this one.
  let recent: RecentMarks
  private(set) var marks = MarkTable()
  var tallies: Tallies
  /// Who waits for events.
  var listening: ListeningHooks
  let judge: WaitJudge?
  private(set) var notices: [Notice] = []
  private(set) var permitsTaken = 0
  /// The first write that failed. Nothing of the transaction can be kept then.
  private(set) var failure: StoreError?
  /// Writes so far: a refusal after one is a transition's fault, and spoils the commit.
  private(set) var writes = 0
  /// What the record last put takes, pieces included.
  private(set) var lastRecordBytes = 0
  private var earliestDue: Timestamp?
  private var outboxGrew = false
  private let transaction: OpaquePointer
  private var cursors: [OpaquePointer?]
  private var writer: RecordWriter

  init(
    environment: Environment, transaction: OpaquePointer, tag: StoreTag, state: StoreState,
    recent: RecentMarks, tallies: Tallies,
    listening: ListeningHooks, judge: WaitJudge?, permits: StartPermits,
    summaries: StoreConfiguration.Payloads?, writer: consuming RecordWriter
  ) {
    unsafe self.snapshot = Snapshot(environment: environment, transaction: transaction, tag: tag)
    self.environment = environment
    unsafe self.transaction = transaction
    self.state = state
    self.recent = recent
    self.tallies = tallies
    self.listening = listening
    self.judge = judge
    self.permits = permits
    self.summaries = summaries
    self.writer = writer
    unsafe self.cursors = unsafe Array(repeating: nil, count: Database.allCases.count)
  }

  // MARK: What transitions say

  mutating func tell(_ notice: Notice) { notices.append(notice) }
  mutating func tellDue(_ instant: Timestamp) { earliestDue = min(earliestDue ?? instant, instant) }
  mutating func tellOutbox() { outboxGrew = true }

  /// Takes a permit for an execution; given back when the commit fails.
  mutating func takePermit() -> Bool {
    guard permits.take() else { return false }
    permitsTaken += 1
    return true
  }

  /// Gives a permit back that was taken for an execution which then did not start.
  mutating func returnPermit() {
    permits.giveBack()
    permitsTaken -= 1
  }

  /// Takes a permit even where there is none: for what ran before the start.
  mutating func takePermitRegardless() {
    permits.takeRegardless(1)
    permitsTaken += 1
  }

  /// Learns the engine's clock, which due instants are judged by.
  mutating func learn(engineClock: Timestamp) { state.engineClock = max(state.engineClock, engineClock) }

  /// The due instant of what may run at once, where the caller has the wall clock. A step of that does
  /// not move the engine's: where it is ahead, the last instant known of the engine's stands in.
  func dueAtOnce(_ now: Timestamp) -> Timestamp {
    state.engineClock == .epoch ? now : min(now, state.engineClock)
  }

  /// The next key at `now`.
  mutating func nextKey(at now: Timestamp) -> RecordKey {
    state.lastKey = state.lastKey.next(at: now)
    return state.lastKey
  }

  /// Every notice of the commit, the collected ones last.
  mutating func takeNotices() -> [Notice] {
    if let earliestDue { notices.append(.due(earliestDue)) }
    if outboxGrew { notices.append(.outbox) }
    return notices
  }

  consuming func reclaimWriter() -> RecordWriter { writer }

  // MARK: Marks of deliveries

  /// The earlier event that `mark` repeats, looking back from `now`; nil when there is none.
  func earlier(_ mark: DedupeMark, now: Timestamp) throws(StoreError) -> DedupeValue? {
    let hash = MarkHash(mark)
    let found =
      if let known = marks[hash] ?? recent[hash] { known } else {
        try snapshot.record(.dedupe, hash.key, as: DedupeValue.self)
      }
    guard let found, found.event.instant >= now - mark.window else { return nil }
    return found
  }

  /// Remembers that `mark` stands for an event of this commit.
  mutating func remember(_ mark: DedupeMark, _ event: RecordKey, executions: Int) throws(StoreError) {
    let hash = MarkHash(mark)
    let logged = LoggedMark(hash: hash, executions: executions)
    try append(Database.log(of: state.markGeneration), KeyBytes(event), logged)
    marks.insert(DedupeValue(event: event, executions: executions), for: hash)
  }

  // MARK: Writes

  /// Puts a record, in place of one that is there.
  mutating func put(_ database: Database, _ key: KeyBytes, _ record: some StoredRecord) throws(StoreError) {
    try put(database, key, record, flags: 0)
  }

  /// Puts a record whose key is higher than all in its database.
  mutating func append(_ database: Database, _ key: KeyBytes, _ record: some StoredRecord)
    throws(StoreError)
  {
    try put(database, key, record, flags: UInt32(MDB_APPEND))
  }

  /// Puts an index entry.
  mutating func putIndex(_ database: Database, _ key: KeyBytes, appends: Bool = false) throws(StoreError) {
    let cursor = try unsafe cursor(database)
    let code = unsafe key.withBytes { bytes in
      unsafe Self.put(
        cursor, bytes, UnsafeRawBufferPointer(start: nil, count: 0), appends ? UInt32(MDB_APPEND) : 0)
    }
    try finish(code, database)
  }

  /// Puts an entry as it was found in another file.
  mutating func putRaw(_ database: Database, _ key: [UInt8], _ value: [UInt8]) throws(StoreError) {
    let cursor = try unsafe cursor(database)
    let code = unsafe key.withUnsafeBytes { key in
      unsafe value.withUnsafeBytes { value in unsafe Self.put(cursor, key, value, 0) }
    }
    try finish(code, database)
  }

  /// Deletes an entry, pieces and all. False where there is none.
  @discardableResult
  mutating func delete(_ database: Database, _ key: KeyBytes) throws(StoreError) -> Bool {
    if database.mayBeLarge { try deletePieces(database, key) }
    let code = unsafe key.withBytes { bytes in
      var wanted = unsafe MDB_val(bytes)
      return unsafe mdb_del(transaction, environment.number(of: database), &wanted, nil)
    }
    guard code != MDB_NOTFOUND else { return false }
    try finish(code, database)
    return true
  }

  /// `mdb_drop`: deletes every entry of a database at the cost of its branches.
  mutating func empty(_ database: Database) throws(StoreError) {
    try finish(unsafe mdb_drop(transaction, environment.number(of: database), 0), database)
  }

  private mutating func put(
    _ database: Database, _ key: KeyBytes, _ record: some StoredRecord, flags: UInt32
  ) throws(StoreError) {
    writer.begin(version: type(of: record).version)
    record.encode(to: &writer)
    lastRecordBytes = writer.count
    let isLarge = database.mayBeLarge && writer.count > StoreLimits.inlineBytes
    if database.mayBeLarge && flags == 0 {
      // Most are small and new, which one put finds out; only one that is replaced may leave pieces behind.
      if !isLarge, try putWritten(database, key, flags: UInt32(MDB_NOOVERWRITE)) { return }
      try deletePieces(database, key)
    }
    if isLarge { try putPieces(database, key, version: type(of: record).version) }
    try putWritten(database, key, flags: flags)
  }

  /// False where `MDB_NOOVERWRITE` kept what is there already.
  @discardableResult
  private mutating func putWritten(
    _ database: Database, _ key: KeyBytes, flags: UInt32
  ) throws(StoreError) -> Bool {
    let cursor = try unsafe cursor(database)
    let code = unsafe key.withBytes { bytes in unsafe Self.put(cursor, bytes, writer.seal(key: bytes), flags)
    }
    if code == MDB_KEYEXIST, flags == UInt32(MDB_NOOVERWRITE) { return false }
    try finish(code, database)
    return true
  }

  private static func put(
    _ cursor: OpaquePointer, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ flags: UInt32
  ) -> Int32 {
    var key = unsafe MDB_val(key)
    var value = unsafe MDB_val(value)
    return unsafe mdb_cursor_put(cursor, &key, &value, flags)
  }

  /// Moves the payload in the writer to `pieces`, and leaves the stub in the writer.
  private mutating func putPieces(_ database: Database, _ key: KeyBytes, version: UInt8) throws(StoreError) {
    let payload = writer.payload()
    let count = Pieces.count(of: payload.count)
    for number in 0..<count {
      let start = number * StoreLimits.pieceBytes
      writer.begin(version: Piece.version)
      writer.raw(payload[start..<min(start + StoreLimits.pieceBytes, payload.count)])
      try putWritten(.pieces, Pieces.key(database, key, number), flags: 0)
    }
    writer.begin(version: version | Pieces.mark)
    writer.varint(UInt64(count))
    writer.int(payload.count)
  }

  private mutating func deletePieces(_ database: Database, _ key: KeyBytes) throws(StoreError) {
    guard let old = try unsafe snapshot.value(database, key),
      old.count >= RecordWriter.frame, unsafe old[4] & Pieces.mark != 0
    else { return }
    var number = 0
    while try delete(.pieces, Pieces.key(database, key, number)) { number += 1 }
  }

  /// Cursors are kept: the next put of the same commit often lands on the same page.
  private mutating func cursor(_ database: Database) throws(StoreError) -> OpaquePointer {
    if let cursor = unsafe cursors[database.rawValue] { return unsafe cursor }
    var opened: OpaquePointer?
    let code = unsafe mdb_cursor_open(transaction, environment.number(of: database), &opened)
    try finish(code, database)
    guard let cursor = unsafe opened else { throw .ioFailed("mdb_cursor_open") }
    unsafe cursors[database.rawValue] = cursor
    return unsafe cursor
  }

  private mutating func finish(_ code: Int32, _ database: Database) throws(StoreError) {
    writes += 1
    guard code != 0 else { return }
    let error = LMDBError(code, "writing \(database.name)").storeError(in: database)
    if failure == nil { failure = error }
    throw error
  }
}

extension Database {
  /// True where a record may be larger than a leaf takes.
  fileprivate var mayBeLarge: Bool {
    switch self {
    case .journal, .attempts, .requests, .outbox, .rejected, .versions, .waits: true
    default: false
    }
  }
}
