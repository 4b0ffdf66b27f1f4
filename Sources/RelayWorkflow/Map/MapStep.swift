package import RelayDocuments
package import RelayExpressions
internal import RelayModel

/// Builds an object, a value at a time: where each comes from, what is done to it, where it goes.
package struct MapStep: Sendable {
  /// At least one; no two set the same place.
  package var entries: [MapEntry]

  /// The object. Each error says which entry it is of.
  ///
  /// - Parameter step: the step's path: what `uuid` gives is the same each time for the same execution,
  ///   step and place.
  package func value(in scope: WorkflowScope, step: String) throws(StepError) -> JSON {
    let tree = TargetTree<JSON>()
    for entry in entries {
      do throws(StepError) {
        if let value = try entry.value(in: scope, step: step) { tree.set(value, at: entry.target) }
      } catch {
        throw StepError(error.code, "map: \(entry.target.text): \(error.message)")
      }
    }
    return tree.object
  }
}

/// One value of a mapping.
package struct MapEntry: Sendable {
  package enum Source: Sendable {
    /// `from`: missing where a member on the way is missing.
    case from(Expression)
    case value(ValueTemplate)
  }

  /// What an error of a transform, or of a value, comes to.
  package enum ErrorPolicy: String, Sendable, CaseIterable {
    /// The step fails.
    case fail
    /// The value is null.
    case null
    /// The value is the entry's default.
    case `default`
    /// There is no value.
    case skip
  }

  package var target: TargetPath
  package var source: Source
  package var transforms: [TransformTemplate]
  /// What holds where the result is missing or null; nil for nothing.
  package var fallback: ValueTemplate?
  /// A value that is missing or null, the fallback too, fails the step.
  package var isRequired: Bool
  package var onError: ErrorPolicy

  /// The value; nil where there is none to be set.
  func value(in scope: WorkflowScope, step: String) throws(StepError) -> JSON? {
    var value: JSON?
    do throws(StepError) {
      value = try transformed(in: scope, step: step)
    } catch {
      switch onError {
      case .fail: throw error
      case .null: return .null
      case .default: value = nil
      case .skip: return nil
      }
    }
    if value == nil || value == .null, let fallback {
      value = try evaluated { () throws(ExpressionError) in try fallback.value(in: scope) }
    }
    guard !isRequired || (value != nil && value != .null) else {
      throw StepError(.badValue, "required, and there is no value\(origin)")
    }
    return value
  }

  private func transformed(in scope: WorkflowScope, step: String) throws(StepError) -> JSON? {
    var value = try evaluated { () throws(ExpressionError) in
      switch source {
      case .from(let expression): try expression.evaluateIfPresent(in: scope)?.asJSON
      case .value(let template): try template.valueIfPresent(in: scope)
      }
    }
    let surroundings = TransformSurroundings(
      now: scope.execution?.startedAt.rfc3339,
      identity: scope.execution.map { "\($0.id):\(step):\(target.text)" })
    for transform in transforms {
      let call = try evaluated { () throws(ExpressionError) in try transform.call(in: scope) }
      do throws(TransformError) {
        value = try call.get().apply(to: value, surroundings)
      } catch {
        throw StepError(.badValue, error.message)
      }
    }
    return value
  }

  private var origin: String {
    if case .from(let expression) = source { " at \(expression.source)" } else { "" }
  }
}
