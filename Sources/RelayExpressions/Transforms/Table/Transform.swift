internal import RelayDocuments

/// One transform: a pure function from a value and arguments to a value, with what a reader, a check and
/// the documentation must know of it. Sees no clock, no locale of the machine and no file.
package struct Transform: Sendable {
  typealias Function = @Sendable (TransformInput) throws(TransformError) -> JSON?

  /// As written in `transforms`, and after a dot in CEL.
  package let name: String
  /// Its section of the documented set, 1 to 42; relatives share one.
  package let row: Int
  /// One line for people.
  package let summary: String
  package let parameters: [TransformParameter]
  /// Whether it also runs on a missing or null value; any other transform passes that on unchanged.
  package let seesMissing: Bool
  /// Whether it can be a CEL function: not one whose arguments are code, or whose result is fixed with
  /// an execution.
  package let isFunction: Bool
  let function: Function

  init(
    _ row: Int, _ name: String, _ summary: String, _ parameters: [TransformParameter] = [],
    seesMissing: Bool = false, isFunction: Bool = true, _ function: @escaping Function
  ) {
    self.name = name
    self.row = row
    self.summary = summary
    self.parameters = parameters
    self.seesMissing = seesMissing
    self.isFunction = isFunction
    self.function = function
  }

  /// The largest result, in bytes of its JSON text.
  package static let maxResultBytes = 1 << 20

  /// Its name and parameters as the documentation writes them: `truncate(n, suffix = "…")`.
  package var signature: String {
    parameters.isEmpty ? name : "\(name)(\(parameters.map(\.signature).joined(separator: ", ")))"
  }
}

/// What a transform's function is given.
struct TransformInput {
  /// Nil for a missing value; only where the transform `seesMissing` is it nil or null.
  let value: JSON?
  let arguments: [TransformArgument]
  let surroundings: TransformSurroundings
}

/// What is fixed for one use of a transform from outside: the same each time it is run again.
package struct TransformSurroundings: Sendable {
  /// `now`, in RFC 3339.
  package let now: String?
  /// Text that no other use shares; `uuid` is made of it.
  package let identity: String?

  package init(now: String?, identity: String?) {
    self.now = now
    self.identity = identity
  }

  /// Neither `now` nor `uuid` has a value.
  package static let none = TransformSurroundings(now: nil, identity: nil)
}

/// Why a transform refuses its arguments or its value.
package struct TransformError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence that holds no value: values may be secret.
  package let message: String

  package init(_ message: String) { self.message = message }

  package var description: String { message }
}
