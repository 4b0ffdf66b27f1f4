package import RelayExpressions

/// Why a step cannot do what its document says with the values it got. Trying again gives the same: the
/// step fails at once.
package struct StepError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The stable code of the failure.
  package enum Code: String, Sendable {
    /// An expression has no value.
    case expression
    case badURL = "bad_url"
    case badHeader = "bad_header"
    /// A value of a kind that cannot stand where it was put.
    case badValue = "bad_value"
    /// A secret cannot be had.
    case secret
    /// `run` names a workflow that is not there.
    case unknownWorkflow = "unknown_workflow"
    /// The execution has done as many as one may.
    case tooManySteps = "too_many_steps"
  }

  package var code: Code
  /// For people; holds no value of an event and no secret.
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package init(_ error: ExpressionError) { self.init(.expression, error.description) }

  package var description: String { message }
}

/// Evaluates, with an expression's error as the step's.
package func evaluated<Result>(_ body: () throws(ExpressionError) -> Result) throws(StepError) -> Result {
  do throws(ExpressionError) {
    return try body()
  } catch {
    throw StepError(error)
  }
}
