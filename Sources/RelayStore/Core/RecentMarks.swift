internal import RelayModel

/// The 12 bytes of a mark's hash that are stored, as a key of a table in memory.
struct MarkHash: Hashable, Comparable {
  let high: UInt64
  let low: UInt32

  init(_ mark: DedupeMark) {
    high = (0..<8).reduce(0) { $0 << 8 | UInt64(mark.hash[$1]) }
    low = (8..<12).reduce(0) { $0 << 8 | UInt32(mark.hash[$1]) }
  }

  init(high: UInt64, low: UInt32) {
    self.high = high
    self.low = low
  }

  /// The key in `dedupe`.
  var key: KeyBytes {
    var key = KeyBytes(high)
    key.add(low)
    return key
  }

  /// The bits are a hash already: eight bytes of them are as good as twelve.
  func hash(into hasher: inout Hasher) { hasher.combine(high) }

  static func < (a: MarkHash, b: MarkHash) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

/// The value in a log of marks: which hash an event has left.
struct LoggedMark: StoredRecord {
  static let version: UInt8 = 1

  var hash: MarkHash
  var executions: Int

  init(hash: MarkHash, executions: Int) {
    self.hash = hash
    self.executions = executions
  }

  func encode(to writer: inout RecordWriter) {
    writer.fixed(hash.high)
    writer.fixed(UInt64(hash.low))
    writer.varint(UInt64(executions))
  }

  init?(from reader: inout RecordReader) {
    let high = reader.fixed()
    guard let low = UInt32(exactly: reader.fixed()) else { return nil }
    hash = MarkHash(high: high, low: low)
    executions = Int(reader.number(UInt16.self))
  }
}

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
  private var fresh: [MarkHash: DedupeValue] = [:]
  /// Marks of the other log, which is being moved, by hash and in order.
  private var moving: [MarkHash: DedupeValue] = [:]
  private var order: [MarkHash] = []
  /// An emptied table, kept for its memory.
  private var spare: [MarkHash: DedupeValue] = [:]
  private var moved = 0
  /// How many make a table full.
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  /// Reads back what a start finds in the logs.
  init(capacity: Int, _ snapshot: borrowing Snapshot, generation: UInt64) throws(StoreError) {
    self.capacity = capacity
    fresh = try Self.read(snapshot, Database.log(of: generation))
    moving = try Self.read(snapshot, Database.log(of: generation &+ 1))
    order = moving.keys.sorted()
  }

  subscript(hash: MarkHash) -> DedupeValue? { fresh[hash] ?? moving[hash] }

  private static func read(
    _ snapshot: borrowing Snapshot, _ log: Database
  ) throws(StoreError) -> [MarkHash: DedupeValue] {
    var marks: [MarkHash: DedupeValue] = [:]
    let cursor = try snapshot.cursor(log)
    var entry = try cursor.first()
    while let found = entry {
      do throws(StoreError) {
        let mark: LoggedMark = try snapshot.decode(found, log)
        marks[mark.hash] = DedupeValue(event: found.recordKey(), executions: mark.executions)
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
    for hash in order[moved..<end] {
      if let value = moving[hash] { try transaction.put(.dedupe, hash.key, value) }
    }
    guard end == order.count else { return .moved(upTo: end) }
    try transaction.empty(Database.log(of: transaction.state.markGeneration &+ 1))
    return .finished
  }

  /// The commit is done: so are its marks and its step.
  func committed(_ marks: [MarkHash: DedupeValue], _ step: Step) {
    for (hash, value) in marks { fresh[hash] = value }
    switch step {
    case .nothing: break
    case .moved(let end): moved = end
    case .finished:
      spare = moving
      spare.removeAll(keepingCapacity: true)
      moving = [:]
      order = []
    case .turned:
      moving = fresh
      fresh = spare
      spare = [:]
      order = moving.keys.sorted()
      moved = 0
    }
  }
}

extension Database {
  /// The log that marks of a generation are written to.
  static func log(of generation: UInt64) -> Database { generation % 2 == 0 ? .marksEven : .marksOdd }
}
