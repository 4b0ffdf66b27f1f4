internal import RelayExpressions
internal import RelayModel
package import RelayStore
package import RelayWorkflow
internal import Synchronization

/// Asks events what executions that wait want to know: on the loop threads for what is known to be waited
/// for, and on the committer's for what has just begun to wait.
package final class EventJudge: Sendable {
  /// Questions that were read, by their id; bounded.
  private let questions = Mutex<[UInt64: EventQuestion]>([:])

  private static let bound = 1024

  package init() {}

  /// The hash of what `event` answers; nil where it is none that anybody waits for.
  package func answer(_ kind: WaitKind, of event: EventValue) -> [UInt8]? {
    question(kind)?.answer(of: event)
  }

  /// The same of an event that is being accepted.
  package func answer(_ kind: WaitKind, of record: EventRecord, body: [UInt8]) -> [UInt8]? {
    let request = IncomingRequest(
      method: record.method, target: record.target, headers: record.headers, body: body,
      receivedAt: record.receivedAt, client: record.client)
    return answer(kind, of: EventValue(id: "", type: record.type, hook: record.hook, request: request))
  }

  private func question(_ kind: WaitKind) -> EventQuestion? {
    if let known = questions.withLock({ $0[kind.id] }) { return known }
    do throws(ExpressionError) {
      let question = try EventQuestion(hook: kind.hook, key: kind.key, condition: kind.condition)
      questions.withLock { questions in
        if questions.count >= Self.bound { questions.removeAll(keepingCapacity: true) }
        questions[kind.id] = question
      }
      return question
    } catch {
      // It was read when the step began to wait; a newer Petrel may refuse what an older one took.
      return nil
    }
  }
}
