internal import RelayModel

/// CEL's operators over values.
enum Operators {
  static func apply(_ symbol: Symbol, _ a: Value, _ b: Value) throws(ValueError) -> Value {
    switch symbol {
    case .equal: return .bool(a.isEqual(to: b))
    case .unequal: return .bool(!a.isEqual(to: b))
    case .less: return .bool(try order(symbol, a, b) == .less)
    case .greater: return .bool(try order(symbol, a, b) == .greater)
    case .lessOrEqual: return .bool([.less, .equal].contains(try order(symbol, a, b)))
    case .greaterOrEqual: return .bool([.greater, .equal].contains(try order(symbol, a, b)))
    case .plus: return try add(a.resolved, b.resolved)
    case .minus: return try subtract(a.resolved, b.resolved)
    default: return try scale(symbol, a.resolved, b.resolved)
    }
  }

  static func negate(_ value: Value) throws(ValueError) -> Value {
    switch value.resolved {
    case .int(let number): return .int(try exact(Int64.zero.subtractingReportingOverflow(number)))
    case .double(let number): return .double(-number)
    case .duration(let duration): return .duration(.zero - duration)
    default: throw ValueError("\"-\" wants a number, not \(value.typeName)")
    }
  }

  private static func order(_ symbol: Symbol, _ a: Value, _ b: Value) throws(ValueError) -> Value.Order {
    guard let order = a.order(to: b) else { throw mismatch(symbol, a, b) }
    return order
  }

  private static func add(_ a: Value, _ b: Value) throws(ValueError) -> Value {
    switch (a, b) {
    case (.int(let a), .int(let b)): return .int(try exact(a.addingReportingOverflow(b)))
    case (.uint(let a), .uint(let b)): return .uint(try exact(a.addingReportingOverflow(b)))
    case (.double(let a), .double(let b)): return .double(a + b)
    case (.string(let a), .string(let b)): return .string(a + b)
    case (.bytes(let a), .bytes(let b)): return .bytes(a + b)
    case (.list(let a), .list(let b)): return .list(a + b)
    case (.timestamp(let a), .duration(let b)): return .timestamp(a + b)
    case (.duration(let a), .timestamp(let b)): return .timestamp(b + a)
    case (.duration(let a), .duration(let b)): return .duration(a + b)
    default: throw mismatch(.plus, a, b)
    }
  }

  private static func subtract(_ a: Value, _ b: Value) throws(ValueError) -> Value {
    switch (a, b) {
    case (.int(let a), .int(let b)): return .int(try exact(a.subtractingReportingOverflow(b)))
    case (.uint(let a), .uint(let b)): return .uint(try exact(a.subtractingReportingOverflow(b)))
    case (.double(let a), .double(let b)): return .double(a - b)
    case (.timestamp(let a), .duration(let b)): return .timestamp(a - b)
    case (.timestamp(let a), .timestamp(let b)): return .duration(a - b)
    case (.duration(let a), .duration(let b)): return .duration(a - b)
    default: throw mismatch(.minus, a, b)
    }
  }

  private static func scale(_ symbol: Symbol, _ a: Value, _ b: Value) throws(ValueError) -> Value {
    switch (a, b) {
    case (.int(let a), .int(let b)): return .int(try scale(symbol, a, b))
    case (.uint(let a), .uint(let b)): return .uint(try scale(symbol, a, b))
    case (.double(let a), .double(let b)) where symbol == .times: return .double(a * b)
    case (.double(let a), .double(let b)) where symbol == .divide: return .double(a / b)
    default: throw mismatch(symbol, a, b)
    }
  }

  private static func scale<I: FixedWidthInteger>(_ symbol: Symbol, _ a: I, _ b: I) throws(ValueError) -> I {
    if symbol == .times { return try exact(a.multipliedReportingOverflow(by: b)) }
    guard b != 0 else { throw ValueError("division by zero") }
    return try exact(
      symbol == .divide ? a.dividedReportingOverflow(by: b) : a.remainderReportingOverflow(dividingBy: b))
  }

  private static func exact<I>(_ result: (partialValue: I, overflow: Bool)) throws(ValueError) -> I {
    guard !result.overflow else { throw ValueError("a number that does not fit 64 bits") }
    return result.partialValue
  }

  private static func mismatch(_ symbol: Symbol, _ a: Value, _ b: Value) -> ValueError {
    ValueError("\"\(symbol.rawValue)\" does not take \(a.typeName) and \(b.typeName)")
  }
}
