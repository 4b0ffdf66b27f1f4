/// One node of a compiled expression. Evaluating it looks nothing up by name but the scope's own names.
protocol Code: AnyObject, Sendable {
  func value(_ frame: inout Frame) throws(Fault) -> Value
}

/// What one evaluation holds.
struct Frame {
  let scope: any Scope
  /// The variables of the macros around the node, each at the place that was compiled for it.
  var locals: [Value]
  var budget = Budget()

  init(_ scope: any Scope, locals: Int) {
    self.scope = scope
    self.locals = [Value](repeating: .null, count: locals)
  }

  mutating func charge(_ cost: Int, at offset: Int) throws(Fault) {
    do throws(ValueError) {
      try budget.charge(cost)
    } catch {
      throw Fault(error, at: offset)
    }
  }
}

/// Why an evaluation has no value, and where in the source.
struct Fault: Error {
  let message: String
  let kind: ValueError.Kind
  /// Bytes of the source before the place.
  let offset: Int

  init(_ message: String, at offset: Int, _ kind: ValueError.Kind = .wrong) {
    self.message = message
    self.kind = kind
    self.offset = offset
  }

  init(_ error: ValueError, at offset: Int, in function: String? = nil) {
    let message = function.map { "\($0)(): \(error.message)" } ?? error.message
    self.init(message, at: offset, error.kind)
  }
}

extension Code {
  /// The value of a node that must be true or false.
  func condition(_ frame: inout Frame, _ operation: String, at offset: Int) throws(Fault) -> Bool {
    let value = try value(&frame)
    guard case .bool(let answer) = value else {
      throw Fault("\"\(operation)\" wants true or false, not \(value.typeName)", at: offset)
    }
    return answer
  }
}

/// A fault of the text that shows only when the node is reached: the published language lets
/// `f() || true` be true though there is no `f`.
final class FaultCode: Code {
  private let fault: Fault
  init(_ fault: Fault) { self.fault = fault }
  func value(_ frame: inout Frame) throws(Fault) -> Value { throw fault }
}

final class LiteralCode: Code {
  let literal: Value
  init(_ literal: Value) { self.literal = literal }
  func value(_ frame: inout Frame) throws(Fault) -> Value { literal }
}
