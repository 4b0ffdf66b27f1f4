package import RelayCrypto
internal import RelayExpressions
package import RelayModel
package import RelaySignatures
package import RelayStore
internal import RelayWorkflow

/// A verified request on its way into the store: which workflows it starts, and what would make another
/// request the same.
package struct Acceptance {
  let catalog: IngressCatalog
  let listed: ListedHook

  init(catalog: IngressCatalog, listed: ListedHook) {
    self.catalog = catalog
    self.listed = listed
  }

  package init(catalog: IngressCatalog, hook: IngressHook) {
    self.init(catalog: catalog, listed: ListedHook(hook))
  }

  /// The transition that accepts `request`. What the event answers to `waits` goes with it.
  ///
  /// `on.if` is evaluated here, on the catalogue's generation; an error in it is no match, and is noted on
  /// the event.
  package func enqueue(
    _ request: IncomingRequest, _ signed: SignedRequest, _ verified: Verified, now: Timestamp,
    waits: [WaitKind] = [], judge: EventJudge? = nil
  ) throws(CryptoError) -> Enqueue {
    let type = listed.hook.gate.delivery.eventType(of: signed)
    var identity = listed.hook.gate.delivery.identity(of: signed, verified)
    var notes: [String] = []
    var executions: [NewExecution] = []
    // Evaluated before the commit that gives the event its id.
    lazy var event = EventValue(id: "", type: type, hook: listed.hook.name, request: request)
    if let key = listed.hook.dedupeKey { identity = deliveryIdentity(key, event, &notes) }
    for listener in listed.hook.listeners where matches(listener, event, &notes) {
      executions.append(try listener.execution(.live, on: event, vars: catalog.vars, &notes))
    }
    let mark = try identity?.storeMark(listed, body: request.body)
    var enqueue = Enqueue(
      event: NewEvent(
        record: EventRecord(
          hook: listed.hook.name, type: type, delivery: identity?.id, method: request.method,
          target: request.target, headers: request.headers, client: request.client,
          receivedAt: request.receivedAt, notes: notes),
        body: request.body),
      executions: executions, mark: mark, now: now)
    for kind in waits { enqueue.answers[kind.id] = judge?.answer(kind, of: event) ?? [] }
    return enqueue
  }

  private func matches(_ listener: WorkflowListener, _ event: EventValue, _ notes: inout [String]) -> Bool {
    do throws(ExpressionError) {
      return try listener.workflow.matches(event, vars: catalog.vars)
    } catch {
      notes.append("\(listener.workflow.name): on.if: \(error)")
      return false
    }
  }

  /// What `dedupe.key` gives; a null or an error is none.
  private func deliveryIdentity(
    _ key: Expression, _ event: EventValue, _ notes: inout [String]
  ) -> DeliveryIdentity? {
    do throws(ExpressionError) {
      let value = try key.evaluate(in: WorkflowScope(event: event, vars: catalog.vars))
      return value.isNull ? nil : DeliveryIdentity(key: Array(value.text.utf8))
    } catch {
      notes.append("dedupe.key: \(error)")
      return nil
    }
  }
}

extension DeliveryIdentity {
  fileprivate func storeMark(_ listed: ListedHook, body: [UInt8]) throws(CryptoError) -> DedupeMark {
    DedupeMark(hash: try mark(hook: listed.hook.name, body: body), window: listed.hook.dedupeWindow)
  }
}
