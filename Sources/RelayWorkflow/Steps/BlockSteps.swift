package import RelayExpressions

/// One way that a `switch` may take.
package struct SwitchBranch: Sendable {
  /// Nil for the branch that is taken where no other is: the last one.
  package var condition: Expression?
  /// At least one.
  package var steps: [Step]
}

/// One of the lists of steps that a `parallel` runs side by side.
package struct ParallelBranch: Sendable {
  /// What its output stands under.
  package var name: String
  /// At least one.
  package var steps: [Step]
}

/// Runs its steps once for each element of a list.
package struct ForEachStep: Sendable {
  /// Gives a list. Evaluated once: what it gave is on record.
  package var list: Expression
  /// The name by which expressions of the steps see the element.
  package var name: String
  /// At least one.
  package var steps: [Step]
  /// How many elements may be under way at once.
  package var concurrency: Int

  /// The largest `concurrency`.
  package static let maxConcurrency = 1000
  /// `as` where the document says nothing.
  package static let defaultName = "item"
  /// The longest list.
  package static let maxItems = 50_000

  /// The elements, as they are recorded.
  package func items(in scope: some Scope) throws(StepError) -> Value {
    let value: Value
    do {
      value = try list.evaluate(in: scope)
    } catch {
      throw StepError(error)
    }
    guard case .list(let elements) = value.resolved else {
      throw StepError(.badValue, "forEach.in: expected a list, found \(value.typeName)")
    }
    guard elements.count <= Self.maxItems else {
      throw StepError(
        .badValue, "forEach.in: a list of \(elements.count) elements; at most \(Self.maxItems) are taken")
    }
    return value
  }
}

extension Verb {
  /// The lists of steps inside the step: one for each branch of a `switch` or a `parallel`, one for a loop.
  package var blocks: [[Step]] {
    switch self {
    case .switch(let branches): branches.map(\.steps)
    case .forEach(let loop): [loop.steps]
    case .parallel(let branches): branches.map(\.steps)
    case .set, .map, .http, .forward, .wait, .run, .code, .respond, .stop, .fail: []
    }
  }
}
