/// A call of a function, found when the expression was compiled.
final class CallCode: Code {
  private let function: Function
  private let arguments: [any Code]
  private let offset: Int

  init(_ function: Function, _ arguments: [any Code], at offset: Int) {
    self.function = function
    self.arguments = arguments
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    switch function.body {
    case .one(let body):
      let a = try arguments[0].value(&frame)
      return try charged(a.weight, &frame) { budget throws(ValueError) in try body(a, &budget) }
    case .two(let body):
      let a = try arguments[0].value(&frame)
      let b = try arguments[1].value(&frame)
      return try charged(a.weight + b.weight, &frame) { budget throws(ValueError) in
        try body(a, b, &budget)
      }
    case .many(let body):
      var values: [Value] = []
      values.reserveCapacity(arguments.count)
      for argument in arguments { values.append(try argument.value(&frame)) }
      return try charged(values.reduce(0) { $0 + $1.weight }, &frame) { budget throws(ValueError) in
        try body(values, &budget)
      }
    }
  }

  /// The result of `body`, paid for what goes in and for what comes out.
  @inline(__always)
  private func charged(
    _ weight: Int, _ frame: inout Frame, _ body: (inout Budget) throws(ValueError) -> Value
  ) throws(Fault) -> Value {
    do throws(ValueError) {
      try frame.budget.charge(1 + weight)
      let result = try body(&frame.budget)
      try frame.budget.charge(result.weight)
      return result
    } catch {
      throw Fault(error, at: offset, in: function.name)
    }
  }
}
