package import RelayCrypto
package import RelayExpressions
package import RelayModel

/// `on.debounce` or `on.throttle`.
package struct Pace: Sendable {
  package enum Rule: Sendable, Hashable {
    case debounce(quiet: Duration, most: Duration?)
    case throttle(limit: Int, span: Duration)
  }

  /// Counted for each of its values; nil for the workflow as a whole.
  package var key: Expression?
  package var rule: Rule
}

extension Workflow {
  /// What an execution on `event` is held to; nil where there is nothing, or the key is null or has no value, which
  /// is noted.
  package func pacing(for event: EventValue, vars: Value, _ notes: inout [String]) throws(CryptoError)
    -> Pacing?
  {
    guard let pace = trigger.pace else { return nil }
    var value = ""
    if let expression = pace.key {
      guard let key = key(expression, "on.\(pace.rule.name).key", event, vars, &notes) else { return nil }
      value = key
    }
    switch pace.rule {
    case .debounce(let quiet, let most):
      return .debounce(id: try id(.debounce, value), quiet: quiet, most: most)
    case .throttle(let limit, let span):
      return .throttle(id: try id(.debounce, value), limit: limit, span: span)
    }
  }
}

extension Pace.Rule {
  var name: String {
    switch self {
    case .debounce: "debounce"
    case .throttle: "throttle"
    }
  }
}
