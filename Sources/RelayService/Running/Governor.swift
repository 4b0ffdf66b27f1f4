internal import RelayModel
internal import RelayStore

/// Keeps the store within its size while events keep coming, in an order that is declared (docs/OPERATIONS.md,
/// "When the disk fills"): first what retention allows, then the oldest of what nobody waits for. What is left after
/// that fills the store up to its reserve, and new events are refused.
struct Governor {
  /// Of `store.max_size`: from here on there is relief, ahead of the reserve that refuses events.
  static let begins = 0.85
  /// And to here it goes.
  static let ends = 0.80
  /// From here on the store is measured.
  static let watched = 0.70

  static func watches(_ health: StoreHealth) -> Bool {
    Double(health.used.bytes) > Double(health.limit.bytes) * watched
  }

  /// Records visited between two looks.
  static let step = 100

  let store: Store

  /// What one relief deleted.
  struct Relief: Equatable {
    var executions = 0
    var events = 0
  }

  /// Sheds until the store is below `ends`, or nothing is left that may go.
  func relieve() throws(StoreError) -> Relief {
    var relief = Relief()
    var after: RecordKey? = RecordKey(rawValue: 0)
    while let position = after, try store.measure().isOver(Self.ends) {
      let answer = try store.perform(Shed(after: position, limit: Self.step))
      relief.executions += answer.executions
      relief.events += answer.events
      after = answer.next
    }
    return relief
  }
}

extension StoreUse {
  /// For people: how full the store is, and what to do.
  var warning: String {
    let share = Int(Double(live.bytes) / Double(max(limit.bytes, 1)) * 100)
    return
      "the store is \(share) % full and nothing more may go before its time: deal with the dead letters, "
      + "raise store.max_size, or see what does not end"
  }
}
