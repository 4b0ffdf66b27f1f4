internal import RelayModel
internal import RelayStore

/// What one request to central carries.
struct Batch {
  /// No later than the number that central waits for.
  let firstSeq: UInt64
  let lastSeq: UInt64
  let entries: [OutboxEntry]
  /// Ranges that this store no longer has, and says so: in order, with a gap between any two.
  let lost: [ClosedRange<UInt64>]

  /// The batch that follows what central has, `acked`; nil when nothing waits.
  ///
  /// What lies between the two is gone. It was acknowledged once, and central asks for it again only
  /// where it lost its own copy.
  init?(_ entries: [OutboxEntry], after acked: UInt64) {
    guard let first = entries.first, let last = entries.last else { return nil }
    var lost: [ClosedRange<UInt64>] = []
    var held = acked
    for entry in entries {
      if entry.first > held + 1 { Self.add(held + 1...entry.first - 1, to: &lost) }
      if case .lost = entry.content { Self.add(entry.first...entry.last, to: &lost) }
      held = max(held, entry.last)
    }
    self.firstSeq = min(first.first, acked + 1)
    self.lastSeq = last.last
    self.entries = entries
    self.lost = lost
  }

  private static func add(_ range: ClosedRange<UInt64>, to lost: inout [ClosedRange<UInt64>]) {
    if let last = lost.last, range.lowerBound <= last.upperBound + 1 {
      lost[lost.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
    } else {
      lost.append(range)
    }
  }

  /// The value of `Petrel-Lost`; nil where nothing is.
  var lostHeader: String? {
    lost.isEmpty ? nil : lost.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ", ")
  }

  /// How far central has come where it acknowledged up to `acked` and rejected what `isRejected` names:
  /// what is rejected counts as acknowledged, whether central counts it or not.
  func acknowledged(upTo acked: UInt64, isRejected: (OutboxEntry) -> Bool) -> UInt64 {
    var held = acked
    for entry in entries where entry.last > held {
      guard entry.first <= held + 1, isRejected(entry) else { break }
      held = entry.last
    }
    return held
  }
}
