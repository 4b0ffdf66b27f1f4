package import RelayModel

/// Makes the outbox smaller while upstream is away too long: first the oldest entries lose their step
/// details, then the oldest are folded into hourly counts, then the oldest counts are declared lost. Takes
/// a bounded number of entries; go on while it answers true.
package struct ThinOutbox: Transition {
  package var now: Timestamp
  /// What the outbox may take.
  package var bytes: Int
  /// Ends older than this are folded whatever the size.
  package var age: Duration
  package var limit: Int

  package init(
    now: Timestamp, bytes: Int = StoreLimits.outboxBytes, age: Duration = StoreLimits.outboxAge,
    limit: Int = 1000
  ) {
    self.now = now
    self.bytes = bytes
    self.age = age
    self.limit = limit
  }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> Bool {
    if transaction.state.outboxBytes > bytes {
      if transaction.state.outboxThinned < transaction.state.outboxLast {
        return try dropDetails(&transaction)
      }
      if try fold(&transaction, olderThan: .distantFuture) { return true }
      return try declareLoss(&transaction)
    }
    return try fold(&transaction, olderThan: now - age)
  }

  private func dropDetails(_ transaction: inout WriteTransaction) throws(StoreError) -> Bool {
    for var entry in try transaction.snapshot.storedOutbox(
      after: transaction.state.outboxThinned, limit: limit)
    {
      if case .end(var summary) = entry.content, summary.hasDetails {
        summary.dropDetails()
        entry.content = .end(summary)
        try transaction.replaceOutbox([entry.last], by: entry)
      }
      transaction.state.outboxThinned = entry.last
      if transaction.state.outboxBytes <= bytes { return false }
    }
    return true
  }

  /// Folds the oldest ends into the counts before them. False when there was none to fold.
  private func fold(_ transaction: inout WriteTransaction, olderThan bound: Timestamp) throws(StoreError)
    -> Bool
  {
    let oldest = try transaction.snapshot.storedOutbox(after: transaction.state.outboxFirst - 1, limit: limit)
    var fold = OutboxFold()
    for entry in oldest {
      guard fold.add(entry, olderThan: bound) else { break }
    }
    guard fold.folded > 0, let rollup = fold.entry else { return false }
    try transaction.replaceOutbox(fold.replaced, by: rollup)
    transaction.state.outboxThinned = max(transaction.state.outboxThinned, rollup.last)
    return true
  }

  private func declareLoss(_ transaction: inout WriteTransaction) throws(StoreError) -> Bool {
    let oldest = try transaction.snapshot.storedOutbox(after: transaction.state.outboxFirst - 1, limit: 2)
    guard let first = oldest.first, let second = oldest.last, second.last > first.last else { return false }
    let entry = OutboxEntry(first: first.first, last: second.last, content: .lost)
    for case .rollup(let counts) in [first.content, second.content] {
      transaction.state.outboxLost += UInt64(counts.reduce(0) { $0 + $1.count })
    }
    try transaction.replaceOutbox([first.last, second.last], by: entry)
    return true
  }
}

/// Ends being folded into one entry of counts.
private struct OutboxFold {
  /// Beyond as many counts a new entry begins.
  private static let maxCounts = 2000

  private var counts: [HourCell: Int] = [:]
  private var first: UInt64?
  private(set) var replaced: [UInt64] = []
  /// Ends among them.
  private(set) var folded = 0

  /// False where the fold must stop before `entry`.
  mutating func add(_ entry: OutboxEntry, olderThan bound: Timestamp) -> Bool {
    switch entry.content {
    case .lost:
      guard replaced.isEmpty else { return false }
      return true
    case .rollup(let known):
      guard known.count < Self.maxCounts else {
        self = OutboxFold()
        return true
      }
      for count in known { counts[HourCell(count), default: 0] += count.count }
    case .end(let summary):
      guard summary.finishedAt < bound, counts.count < Self.maxCounts else { return false }
      counts[HourCell(summary), default: 0] += 1
      folded += 1
    }
    if first == nil { first = entry.first }
    replaced.append(entry.last)
    return true
  }

  var entry: OutboxEntry? {
    guard let first, let last = replaced.last else { return nil }
    let rows = counts.map { cell, count in
      RollupCount(hour: cell.hour, workflow: cell.workflow, status: cell.status, count: count)
    }
    let sorted = rows.sorted {
      ($0.hour.milliseconds, $0.workflow, $0.status.code) < (
        $1.hour.milliseconds, $1.workflow, $1.status.code
      )
    }
    return OutboxEntry(first: first, last: last, content: .rollup(sorted))
  }
}

/// What ends are counted by.
private struct HourCell: Hashable {
  var hour: Timestamp
  var workflow: String
  var status: ExecutionStatus

  init(_ count: RollupCount) {
    hour = count.hour
    workflow = count.workflow
    status = count.status
  }

  init(_ summary: ExecutionSummary) {
    hour = Timestamp(milliseconds: summary.finishedAt.milliseconds.dividedFloor(by: 3_600_000) * 3_600_000)
    workflow = summary.workflow
    status = summary.status
  }
}

extension ExecutionSummary {
  fileprivate var hasDetails: Bool { !steps.isEmpty || errorMessage != nil || payload != nil }

  fileprivate mutating func dropDetails() {
    steps = []
    errorMessage = nil
    payload = nil
  }
}

extension WriteTransaction {
  /// Puts `entry` in the place of those with the last numbers `replaced`.
  fileprivate mutating func replaceOutbox(_ replaced: [UInt64], by entry: OutboxEntry) throws(StoreError) {
    for last in replaced {
      state.outboxBytes -= try snapshot.storedBytes(.outbox, KeyBytes(last))
      try delete(.outbox, KeyBytes(last))
    }
    try put(.outbox, KeyBytes(entry.last), entry)
    state.outboxBytes += lastRecordBytes
  }
}
