internal import RelayModel

/// The marks that are not in the index yet.
///
/// A mark's place in `dedupe` is random, so that putting it there at once costs a page of its own in every
/// commit: more than all else of accepting an event. So it goes to the end of a log (in the same commit as
/// the event) and into a table in memory. When the table is full it is sorted and moved to the index a
/// slice at a time, neighbours together; the log is emptied behind it while the other log takes what comes.
/// After a start both logs are read back.
///
/// One thread has it: the committer's.
final class RecentMarks {
  /// Marks of the log that is being written.
  private var fresh = MarkTable()
  /// Marks of the other log, which is being moved, by hash and in order.
  private var moving = MarkTable()
  private var order: [MarkTable.Entry] = []
  /// An emptied table, kept for its memory.
  private var spare = MarkTable()
  private var moved = 0
  /// How many make a table full.
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  /// Reads back what a start finds in the logs.
  init(capacity: Int, _ snapshot: borrowing Snapshot, generation: UInt64) throws(StoreError) {
    self.capacity = capacity
    fresh = try Self.read(snapshot, Database.log(of: generation))
    moving = try Self.read(snapshot, Database.log(of: generation &+ 1))
    order = moving.entries.sorted()
  }

  subscript(hash: MarkHash) -> DedupeValue? { fresh[hash] ?? moving[hash] }

  private static func read(
    _ snapshot: borrowing Snapshot, _ log: Database
  ) throws(StoreError) -> MarkTable {
    var marks = MarkTable()
    let cursor = try snapshot.cursor(log)
    var entry = try cursor.first()
    while let found = entry {
      do throws(StoreError) {
        let mark: LoggedMark = try snapshot.decode(found, log)
        marks.insert(
          DedupeValue(event: found.recordKey(), executions: mark.executions), for: mark.hash)
      } catch .damaged {
        // This delivery may be accepted a second time; the checker names the record.
      }
      entry = try cursor.next()
    }
    return marks
  }

  // MARK: In every commit

  /// What a commit does for the index.
  enum Step {
    case nothing
    /// A slice was moved: up to this place in the order.
    case moved(upTo: Int)
    /// Everything was moved, and the log is empty.
    case finished
    /// The table is full: its log is closed, and the other one is written from now on.
    case turned
  }

  /// Moves a slice, larger than what the commit adds, so that the move ends before the table is full
  /// again.
  func advance(_ transaction: inout WriteTransaction) throws(StoreError) -> Step {
    if moving.isEmpty {
      guard fresh.count + transaction.marks.count >= capacity else { return .nothing }
      transaction.state.markGeneration += 1
      return .turned
    }
    let end = min(order.count, moved + max(64, transaction.marks.count * 2))
    for entry in order[moved..<end] { try transaction.put(.dedupe, entry.hash.key, entry.value) }
    guard end == order.count else { return .moved(upTo: end) }
    try transaction.empty(Database.log(of: transaction.state.markGeneration &+ 1))
    return .finished
  }

  /// The commit is done: so are its marks and its step.
  func committed(_ marks: MarkTable, _ step: Step) {
    for entry in marks.entries { fresh.insert(entry.value, for: entry.hash) }
    switch step {
    case .nothing: break
    case .moved(let end): moved = end
    case .finished:
      swap(&spare, &moving)
      spare.removeAll()
      moving = MarkTable()
      order = []
    case .turned:
      moving = fresh
      fresh = spare
      spare = MarkTable()
      order = moving.entries.sorted()
      moved = 0
    }
  }
}

extension Database {
  /// The log that marks of a generation are written to.
  static func log(of generation: UInt64) -> Database { generation % 2 == 0 ? .marksEven : .marksOdd }
}
