/// CEL's operators over values.
enum Operators {
  /// - Parameter symbol: an operator of two operands, but for equality.
  static func apply(_ symbol: Symbol, _ a: Value, _ b: Value) throws(ValueError) -> Value {
    switch symbol {
    case .less: return .bool(try order(symbol, a, b) == .less)
    case .greater: return .bool(try order(symbol, a, b) == .greater)
    case .lessOrEqual:
      let order = try order(symbol, a, b)
      return .bool(order == .less || order == .equal)
    case .greaterOrEqual:
      let order = try order(symbol, a, b)
      return .bool(order == .greater || order == .equal)
    case .plus: return try add(a.number, b.number)
    case .minus: return try subtract(a.number, b.number)
    default: return try scale(symbol, a.number, b.number)
    }
  }

  static func negate(_ value: Value) throws(ValueError) -> Value {
    switch value.number {
    case .int(let number): return .int(try exact(Int64.zero.subtractingReportingOverflow(number)))
    case .double(let number): return .double(-number)
    default: throw ValueError("\"-\" wants a number, not \(value.typeName)", .mismatch)
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
    case (.timestamp(let a), .duration(let b)), (.duration(let b), .timestamp(let a)):
      return .timestamp(try moved(a, by: try nanoseconds(b)))
    case (.duration(let a), .duration(let b)):
      return .duration(
        .nanoseconds(try exact(try nanoseconds(a).addingReportingOverflow(try nanoseconds(b)))))
    default:
      if case .list(let left) = a, let right = b.elements { return .list(left + right) }
      guard let left = a.elements, let right = b.elements else { throw mismatch(.plus, a, b) }
      return .list(left + right)
    }
  }

  private static func subtract(_ a: Value, _ b: Value) throws(ValueError) -> Value {
    switch (a, b) {
    case (.int(let a), .int(let b)): return .int(try exact(a.subtractingReportingOverflow(b)))
    case (.uint(let a), .uint(let b)): return .uint(try exact(a.subtractingReportingOverflow(b)))
    case (.double(let a), .double(let b)): return .double(a - b)
    case (.timestamp(let a), .duration(let b)):
      return .timestamp(try moved(a, by: try exact(Int64.zero.subtractingReportingOverflow(nanoseconds(b)))))
    case (.timestamp(let a), .timestamp(let b)):
      guard let distance = a.distance(from: b) else { throw ValueError("a duration beyond 292 years") }
      return .duration(.nanoseconds(distance))
    case (.duration(let a), .duration(let b)):
      return .duration(
        .nanoseconds(try exact(try nanoseconds(a).subtractingReportingOverflow(try nanoseconds(b)))))
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

  private static func nanoseconds(_ duration: Duration) throws(ValueError) -> Int64 {
    guard let nanoseconds = duration.nanoseconds else { throw ValueError("a duration beyond 292 years") }
    return nanoseconds
  }

  private static func moved(_ instant: Instant, by nanoseconds: Int64) throws(ValueError) -> Instant {
    guard let moved = instant.advanced(nanoseconds: nanoseconds) else {
      throw ValueError("a timestamp outside the years 1 to 9999")
    }
    return moved
  }

  private static func exact<I>(_ result: (partialValue: I, overflow: Bool)) throws(ValueError) -> I {
    guard !result.overflow else { throw ValueError("a number that does not fit 64 bits") }
    return result.partialValue
  }

  private static func mismatch(_ symbol: Symbol, _ a: Value, _ b: Value) -> ValueError {
    ValueError("\"\(symbol.rawValue)\" does not take \(a.typeName) and \(b.typeName)", .mismatch)
  }
}
