import RelayModel
import RelayStore

/// That executions wait for each other as their workflow says. Worked out from the plans: nothing is taken from what
/// the store notes of its lanes.
extension Oracle {
  /// It came, or an operator opened it again: it stands behind all that are there.
  func joined(_ witness: Witness) {
    witness.turn = looks
    witness.joins += 1
    witness.hasBegun = false
  }

  /// It may have begun in the commit that was looked at.
  func begins(_ witness: Witness) {
    guard witness.record.status == .running, !witness.hasBegun else { return }
    witness.hasBegun = true
    begun.append(witness)
  }

  /// After a look: `begun` are those that begun in this commit.
  func checkLanes() {
    defer {
      begun = []
      looks += 1
    }
    for witness in begun {
      let plan = witness.course.plan
      let others = inOrder.filter { $0.course.plan.name == plan.name && $0.key != witness.key }
      if plan.lanes.isOrdered {
        let before = others.filter {
          $0.course.kind == witness.course.kind && $0.stands(before: witness) && !$0.record.status.isFinal
        }
        check(
          before.isEmpty, .orderIsKept,
          "\(witness.id) began before \(before.map(\.id)) had ended, which came before it")
      }
      let underWay = { (lane: [Witness]) in lane.count { $0.hasBegun && !$0.record.status.isFinal } + 1 }
      let ordered =
        plan.lanes.isOrdered ? underWay(others.filter { $0.course.kind == witness.course.kind }) : 1
      check(ordered <= 1, .lanesAreKept, "\(witness.id): \(ordered) of its order key are under way")
      let all = underWay(others)
      check(
        all <= plan.lanes.concurrency ?? .max, .lanesAreKept,
        "\(witness.id): \(all) of \(plan.name) are under way")
    }
  }
}

extension Witness {
  /// Whether it came earlier: of those that an operator opened again in the same commit, nobody knows.
  fileprivate func stands(before other: Witness) -> Bool {
    turn < other.turn || turn == other.turn && joins == 1 && other.joins == 1 && key < other.key
  }
}
