internal import RelayModel
internal import RelayStore

/// What one request to central carries.
struct Batch {
  let firstSeq: UInt64
  let lastSeq: UInt64
  let entries: [OutboxEntry]
  /// Ranges that this store no longer has, and says so.
  let lost: [ClosedRange<UInt64>]

  /// The batch that begins after `acked`; nil when nothing waits.
  ///
  /// - Parameter wanted: the first number that central asks for, where it lies before what is kept.
  init?(_ entries: [OutboxEntry], after acked: UInt64) {
    guard let first = entries.first, let last = entries.last else { return nil }
    var lost = entries.compactMap { entry -> ClosedRange<UInt64>? in
      if case .lost = entry.content { entry.first...entry.last } else { nil }
    }
    // What was acknowledged once is deleted: central asks for it again only where it lost its own copy.
    if first.first > acked + 1 { lost.insert(acked + 1...first.first - 1, at: 0) }
    self.firstSeq = min(first.first, acked + 1)
    self.lastSeq = last.last
    self.entries = entries
    self.lost = lost
  }

  var lostHeader: String? {
    lost.isEmpty ? nil : lost.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ", ")
  }
}
