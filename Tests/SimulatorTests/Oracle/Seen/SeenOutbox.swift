import RelayModel
import RelayStore

/// What upstream has been told: every end once, in a row without a gap.
struct SeenOutbox {
  /// The last number seen.
  private(set) var last: UInt64 = 0
  /// The ends told of each execution.
  private(set) var ends: [RecordKey: Int] = [:]
  /// How often those had ended that were swept away.
  var swept: [RecordKey: Int] = [:]

  /// Reads what is new.
  mutating func look(_ snapshot: borrowing Snapshot, _ oracle: Oracle) throws(StoreError) {
    for entry in try snapshot.outbox(after: last, limit: 10_000) {
      oracle.check(
        entry.first == last + 1 && entry.last == entry.first, .outboxIsDense,
        "\(entry.first)–\(entry.last) follows \(last)")
      last = entry.last
      guard case .end(let summary) = entry.content else {
        oracle.fail(.outboxIsDense, "entry \(entry.last) tells of no end")
        continue
      }
      tell(summary, oracle)
    }
    let state = try snapshot.outboxState()
    oracle.check(state.last == last, .outboxIsDense, "the last number is \(state.last), and \(last) was seen")
  }

  private mutating func tell(_ summary: ExecutionSummary, _ oracle: Oracle) {
    let told = ends[summary.execution, default: 0]
    oracle.check(
      summary.end == told + 1, .outboxIsDense, "end \(summary.end) of an execution follows end \(told)")
    ends[summary.execution] = summary.end
    guard let record = oracle.witnesses[summary.execution]?.record else { return }
    let isLast = record.ends == summary.end && record.status.isFinal
    oracle.check(
      !isLast || record.status == summary.status, .outboxIsDense,
      "an end is told as \(summary.status), and is \(record.status)")
  }

  /// Every end was told.
  func checkComplete(_ oracle: Oracle) {
    for witness in oracle.inOrder {
      oracle.check(
        ends[witness.key, default: 0] == witness.record.ends, .outboxIsDense,
        "\(witness.id) ended \(witness.record.ends) times, of which \(ends[witness.key, default: 0]) are told"
      )
    }
    for (key, count) in swept.sorted(by: { $0.key < $1.key }) {
      oracle.check(ends[key, default: 0] == count, .outboxIsDense, "a swept execution's end was not told")
    }
  }
}
