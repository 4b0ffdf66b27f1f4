package import RelayModel

/// Reads every record of a store and holds each against the others: checksums, versions, references,
/// indexes and counts. Memory does not grow with the store: references are looked up, not collected.
package struct Checker: ~Copyable {
  var report = CheckReport()
  var seen = SeenCounts()

  /// Checks the store of a stopped relay. Throws where the folder cannot be opened at all.
  package static func check(directory: String, time: any TimeSource, random: any RandomSource)
    throws(StoreError)
    -> CheckReport
  {
    let damaged = try damagedPages(directory)
    guard damaged.isEmpty else {
      // LMDB would trust these pages.
      var report = CheckReport()
      for finding in damaged { report.add(finding) }
      return report
    }
    let configuration = StoreConfiguration(directory: directory, committer: .manual, access: .readOnly)
    let store = try Store.open(configuration, time: time, random: random)
    defer { store.drainAndClose() }
    return try store.read { try Checker.check($0) }
  }

  private static func damagedPages(_ directory: String) throws(StoreError) -> [Finding] {
    let folder = try DataFolder(directory, creates: false)
    return Files.exists("\(folder.path)/\(Environment.fileName)")
      ? StructureCheck.check(directory: directory) : []
  }

  /// Checks what a snapshot shows. In a running relay it pins pages for as long as it reads.
  package static func check(_ snapshot: borrowing Snapshot) throws(StoreError) -> CheckReport {
    var checker = Checker()
    try checker.checkEvents(snapshot)
    try checker.checkExecutions(snapshot)
    try checker.checkSteps(snapshot)
    try checker.checkIndexes(snapshot)
    try checker.checkWaits(snapshot)
    try checker.checkLanes(snapshot)
    try checker.checkStrands(snapshot)
    try checker.checkSmallRecords(snapshot)
    try checker.checkOutbox(snapshot)
    try checker.checkPieces(snapshot)
    try checker.checkState(snapshot)
    return checker.report
  }

  /// Walks a database. A damaged page ends the walk of this database with a finding.
  mutating func walk(
    _ database: Database, _ snapshot: borrowing Snapshot,
    _ visit: (inout Checker, borrowing Snapshot, Entry) throws(StoreError) -> Void
  ) throws(StoreError) {
    do throws(StoreError) {
      let cursor = try snapshot.cursor(database)
      var entry = try cursor.first()
      while let found = entry {
        report.records += 1
        do throws(StoreError) {
          try visit(&self, snapshot, found)
        } catch .damaged(let database, let key) {
          damaged(database, key)
        }
        entry = try cursor.next()
      }
    } catch .damaged(let database, let key) {
      damaged(database, key)
    }
  }

  /// Reads the record of an entry; nil, and a finding, where it cannot be believed.
  mutating func read<R: StoredRecord>(
    _ entry: Entry, _ database: Database, _ snapshot: borrowing Snapshot, as type: R.Type = R.self
  ) throws(StoreError) -> R? {
    do throws(StoreError) {
      return try snapshot.decode(entry, database)
    } catch .damaged(let name, let key) {
      damaged(name, key)
      return nil
    }
  }

  mutating func damaged(_ database: String, _ key: String) {
    let fix =
      switch database {
      case Database.events.name, Database.bodies.name:
        "its executions end as failed (damaged) when they are due; ask the sender for it again"
      case Database.executions.name: "it is never delivered; `petrel events replay` runs its event again"
      case Database.meta.name: "restore a backup with `petrel restore`"
      default: "`petrel compact --offline` leaves it out"
      }
    found(database, key, "the record is damaged: its checksum or its form is wrong", fix: fix)
  }

  mutating func found(_ database: Database, _ entry: Entry, _ what: String) {
    found(database.name, entry.hex, what, fix: "`petrel compact --offline` rebuilds the indexes and counts")
  }

  mutating func found(_ database: String, _ key: String, _ what: String, fix: String) {
    report.add(Finding(database: database, key: key, what: what, fix: fix))
  }
}

/// What the walk counted, to hold against the kept counts.
struct SeenCounts {
  var events = 0
  var executions = [Int](repeating: 0, count: ExecutionStatus.allCases.count)
  var deadLetters = 0
  var rejected = 0
  var rejectedBytes = 0
  var audit = 0
  var outboxBytes = 0
  var highest = RecordKey(rawValue: 0)

  mutating func see(_ key: RecordKey) { highest = max(highest, key) }
}
