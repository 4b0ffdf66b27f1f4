package import RelayCrypto
package import RelayExpressions
package import RelayModel

extension Workflow {
  /// The lanes that an execution on `event` goes through, and why one is left out, for people: a key that is null,
  /// or has no value, is no lane.
  package func lanes(for event: EventValue, vars: Value) throws(CryptoError) -> (
    lanes: [Lane], notes: [String]
  ) {
    var lanes: [Lane] = []
    var notes: [String] = []
    if let order = trigger.order, let key = key(order, "on.order", event, vars, &notes) {
      lanes.append(Lane(.order, id: try id(.order, key), width: 1))
    }
    guard let concurrency else { return (lanes, notes) }
    guard let expression = concurrency.key else {
      lanes.append(Lane(.concurrency, id: try id(.concurrency, ""), width: concurrency.limit))
      return (lanes, notes)
    }
    if let key = key(expression, "concurrency.key", event, vars, &notes) {
      lanes.append(Lane(.concurrency, id: try id(.concurrency, key), width: concurrency.limit))
    }
    return (lanes, notes)
  }

  /// Whether its executions go through lanes.
  package var hasLanes: Bool { trigger.order != nil || concurrency != nil }

  /// The value of a key as text; nil where it is null, or has none, which is noted.
  func key(
    _ expression: Expression, _ place: String, _ event: EventValue, _ vars: Value, _ notes: inout [String]
  ) -> String? {
    do throws(ExpressionError) {
      let value = try expression.evaluate(in: WorkflowScope(event: event, vars: vars))
      return value.isNull ? nil : "\(value.typeName) \(value.text)"
    } catch {
      notes.append("\(name): \(place): \(error)")
      return nil
    }
  }

  func id(_ kind: Lane.Kind, _ key: String) throws(CryptoError) -> [UInt8] {
    let text = [kind.rawValue] + Array(name.utf8) + [0] + Array(key.utf8)
    return Array(try DigestAlgorithm.sha256.digest(text).prefix(16))
  }
}
