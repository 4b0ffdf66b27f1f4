import RelayModel
import RelayStore

/// What senders were told, against what the store holds.
extension Oracle {
  /// A sender got its 202, or a 200 for a repetition.
  func acknowledged(_ delivery: String, _ answer: EnqueueAnswer) {
    history.note("\(delivery) is acknowledged\(answer.duplicate ? " as a duplicate" : "")")
    guard let seen = deliveries[delivery] else { return }
    if let first = seen.answer, seen.hasMark {
      check(
        answer.event == first.event && answer.executions == first.executions && answer.duplicate,
        .oneEventForADelivery, "\(delivery) is answered in two ways")
    }
    deliveries[delivery]?.answer = answer
  }

  /// Holds the whole store against all that was acknowledged.
  func checkAcknowledged(_ store: Store) throws(StoreError) {
    try store.read { snapshot in
      for (name, seen) in deliveries.sorted(by: { $0.key < $1.key }) {
        guard let answer = seen.answer else { continue }
        let stored = try snapshot.event(answer.event)
        let isGone = answer.executions.allSatisfy { witnesses[$0] == nil }
        check(
          stored?.body == seen.body || (stored == nil && isGone && asked.sweptAt != nil), .acknowledgedIsKept,
          "\(name) was acknowledged, and its event is \(stored == nil ? "gone" : "another")")
        for execution in answer.executions {
          check(
            witnesses[execution] != nil || outbox.swept[execution] != nil, .acknowledgedIsKept,
            "\(name) was acknowledged with an execution that is not there")
        }
      }
      let report = try Checker.check(snapshot)
      check(
        report.isSound, .storeIsSound,
        report.findings.prefix(3).map { "\($0.database) \($0.key): \($0.what)" }.joined(separator: "; "))
    }
  }
}
