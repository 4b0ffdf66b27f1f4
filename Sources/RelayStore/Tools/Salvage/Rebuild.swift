internal import RelayModel

/// Makes a store out of records: drops those that cannot be believed or that belong to nothing, and makes
/// indexes, counts and marks anew. Works in bounded commits on a file that nobody else uses.
struct Rebuild {
  let environment: Environment
  let now: Timestamp
  let random: any RandomSource
  var report = Salvage.Report()
  var state = StoreState()

  /// Records in one commit.
  private static let batch = 1000

  init(_ environment: Environment, now: Timestamp, _ random: any RandomSource) {
    self.environment = environment
    self.now = now
    self.random = random
  }

  mutating func run() throws(StoreError) {
    try readMeta()
    try write { transaction throws(StoreError) in
      for database in Database.allCases where database.isIndex || [.damaged, .waitKinds].contains(database) {
        try transaction.empty(database)
      }
    }
    try rebuildEvents()
    try rebuildExecutions()
    try rebuildLanes()
    try rebuildForks()
    try rebuildSteps()
    try rebuildWaits()
    try rebuildSmallRecords()
    try rebuildOutbox()
    try dropPieces()
    let state = state
    try write { transaction throws(StoreError) in try transaction.put(.meta, MetaKey.state, state) }
  }

  /// What the old file knew of itself, as far as it can be read.
  private mutating func readMeta() throws(StoreError) {
    state.epoch = NewEpoch.draw(random)
    var tag: TagRecord?
    try environment.read(tag: StoreTag(random: 0)) { snapshot throws(StoreError) in
      if let known = snapshot.believed(.meta, MetaKey.state, as: StoreState.self) { state.adopt(known) }
      tag = snapshot.believed(.meta, MetaKey.tag, as: TagRecord.self)
    }
    if tag == nil { leftOut("meta", "tag", "the tag that ids are made with is lost: ids get a new one") }
    let kept = tag ?? TagRecord(text: StoreTag(random: random.bits()).text)
    try write { transaction throws(StoreError) in
      try transaction.put(.meta, MetaKey.format, FormatRecord(number: OpenedStore.format))
      try transaction.put(.meta, MetaKey.tag, kept)
    }
  }

  // MARK: Walking

  /// Visits every entry of a database, a bounded number to a commit. False drops the entry.
  mutating func each(
    _ database: Database, _ what: String,
    _ visit: (inout Rebuild, inout WriteTransaction, [UInt8]) throws(StoreError) -> Bool
  ) throws(StoreError) {
    var start = KeyBytes()
    while true {
      let keys = try page(database, from: start)
      guard let last = keys.last else { return }
      try write { transaction throws(StoreError) in
        for bytes in keys {
          if try visit(&self, &transaction, bytes) {
            report.kept += 1
          } else {
            var key = KeyBytes()
            key.add(bytes)
            try transaction.delete(database, key)
            leftOut(database.name, key.hex, what)
          }
        }
      }
      start = KeyBytes()
      start.add(last)
      start.add(0 as UInt8)
    }
  }

  private func page(_ database: Database, from start: KeyBytes) throws(StoreError) -> [[UInt8]] {
    try environment.read(tag: StoreTag(random: 0)) { snapshot throws(StoreError) in
      var keys: [[UInt8]] = []
      let cursor = try snapshot.cursor(database)
      var entry = try cursor.seek(start)
      while let found = entry, keys.count < Self.batch {
        keys.append(found.bytes(0..<found.keyCount))
        entry = try cursor.next()
      }
      return keys
    }
  }

  func write(_ body: (inout WriteTransaction) throws(StoreError) -> Void) throws(StoreError) {
    try environment.write(body)
  }

  mutating func leftOut(_ database: String, _ key: String, _ what: String) {
    guard report.leftOut.count < CheckReport.bound else { return }
    report.leftOut.append(Finding(database: database, key: key, what: what, fix: "it is left out"))
  }
}

extension KeyBytes {
  /// The key as people read it.
  var hex: String { unsafe withBytes { unsafe $0.hex } }
}

extension Snapshot {
  /// A record; nil where there is none that can be believed.
  func believed<R: StoredRecord>(_ database: Database, _ key: KeyBytes, as type: R.Type) -> R? {
    do throws(StoreError) {
      return try record(database, key)
    } catch {
      return nil
    }
  }
}

extension StoreState {
  /// Takes over the marks that must never go back.
  fileprivate mutating func adopt(_ known: StoreState) {
    lastKey = known.lastKey
    lastVersion = known.lastVersion
    lastAudit = known.lastAudit
    markGeneration = known.markGeneration
    epoch = known.epoch
    outboxBase = known.outboxBase
    outboxFirst = known.outboxFirst
    outboxLast = known.outboxLast
    outboxThinned = known.outboxThinned
    outboxLost = known.outboxLost
  }

  mutating func see(_ key: RecordKey) { lastKey = max(lastKey, key) }
}
