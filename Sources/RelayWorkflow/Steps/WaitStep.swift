package import RelayExpressions
internal import RelayModel

/// Waits for a duration. Survives restarts, holds no memory.
package struct WaitStep: Sendable {
  /// A duration as in the configuration (`10m`), or an expression that gives one or its text.
  package var span: Template

  /// The longest wait: ten years.
  package static let longest = Duration.seconds(10 * 365 * 86_400)

  /// How long to wait, from zero to `longest`.
  package func duration(in scope: some Scope) throws(StepError) -> Duration {
    let value: Value
    do {
      value = try span.value(in: scope)
    } catch {
      throw StepError(error)
    }
    let duration: Duration? =
      switch value.resolved {
      case .duration(let duration): duration
      case .string(let text): Duration(text: text)
      default: nil
      }
    guard let duration, duration >= .zero, duration <= Self.longest else {
      throw StepError(
        .badValue, "wait: expected a duration such as 10m, at most ten years, found \(value.typeName)")
    }
    return duration
  }
}
