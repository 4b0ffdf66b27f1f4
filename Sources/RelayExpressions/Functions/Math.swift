extension Functions {
  static let math: [Function] = [
    Function("math.greatest", .global, 1...64) { values, budget throws(ValueError) in
      try extreme(values, .greater, &budget)
    },
    Function("math.least", .global, 1...64) { values, budget throws(ValueError) in
      try extreme(values, .less, &budget)
    },
    onDoubles("math.ceil") { .double($0.rounded(.up)) },
    onDoubles("math.floor") { .double($0.rounded(.down)) },
    onDoubles("math.round") { .double($0.rounded(.toNearestOrAwayFromZero)) },
    onDoubles("math.trunc") { .double($0.rounded(.towardZero)) },
    onDoubles("math.isNaN") { .bool($0.isNaN) },
    onDoubles("math.isInf") { .bool($0.isInfinite) },
    onDoubles("math.isFinite") { .bool($0.isFinite) },
    Function("math.sqrt", .global) { value, _ throws(ValueError) in
      switch value.number {
      case .int(let number): return .double(Double(number).squareRoot())
      case .uint(let number): return .double(Double(number).squareRoot())
      case .double(let number): return .double(number.squareRoot())
      default: throw ValueError.mismatch("a number", value)
      }
    },
    Function("math.abs", .global) { value, _ throws(ValueError) in
      switch value.number {
      case .int(let number):
        guard number != .min else { throw ValueError("a number that does not fit 64 bits") }
        return .int(abs(number))
      case .uint(let number): return .uint(number)
      case .double(let number): return .double(number.magnitude)
      default: throw ValueError.mismatch("a number", value)
      }
    },
    Function("math.sign", .global) { value, _ throws(ValueError) in
      switch value.number {
      case .int(let number): return .int(number.signum())
      case .uint(let number): return .uint(number == 0 ? 0 : 1)
      case .double(let number):
        return .double(number.isNaN || number == 0 ? number : number < 0 ? -1 : 1)
      default: throw ValueError.mismatch("a number", value)
      }
    },
  ]

  static let bits: [Function] = [
    onWholes("math.bitAnd", { $0 & $1 }, { $0 & $1 }),
    onWholes("math.bitOr", { $0 | $1 }, { $0 | $1 }),
    onWholes("math.bitXor", { $0 ^ $1 }, { $0 ^ $1 }),
    Function("math.bitNot", .global) { value, _ throws(ValueError) in
      switch value.number {
      case .int(let number): return .int(~number)
      case .uint(let number): return .uint(~number)
      default: throw ValueError.mismatch("an int or a uint", value)
      }
    },
    shift("math.bitShiftLeft") { $0 << $1 },
    // The sign is a bit like the others.
    shift("math.bitShiftRight") { $0 >> $1 },
  ]

  private static func onDoubles(_ name: String, _ body: @escaping @Sendable (Double) -> Value) -> Function {
    Function(name, .global) { value, _ throws(ValueError) in
      guard case .double(let number) = value.number else { throw ValueError.mismatch("a double", value) }
      return body(number)
    }
  }

  private static func onWholes(
    _ name: String, _ signed: @escaping @Sendable (Int64, Int64) -> Int64,
    _ unsigned: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) -> Function {
    Function(name, .global) { a, b, _ throws(ValueError) in
      switch (a.number, b.number) {
      case (.int(let a), .int(let b)): return .int(signed(a, b))
      case (.uint(let a), .uint(let b)): return .uint(unsigned(a, b))
      default: throw ValueError("wants two ints or two uints, not \(a.typeName) and \(b.typeName)")
      }
    }
  }

  private static func shift(_ name: String, _ body: @escaping @Sendable (UInt64, Int64) -> UInt64) -> Function
  {
    Function(name, .global) { value, count, _ throws(ValueError) in
      let count = try count.asInt()
      guard count >= 0 else { throw ValueError("wants a count of at least 0") }
      switch value.number {
      case .int(let number): return .int(Int64(bitPattern: body(UInt64(bitPattern: number), count)))
      case .uint(let number): return .uint(body(number, count))
      default: throw ValueError.mismatch("an int or a uint", value)
      }
    }
  }

  /// The first of the numbers that no other passes, given one by one or as a list.
  private static func extreme(_ values: [Value], _ wanted: Value.Order, _ budget: inout Budget)
    throws(ValueError) -> Value
  {
    let candidates = values.count == 1 ? values[0].elements ?? values : values
    try budget.charge(candidates.count)
    var best: Value?
    for candidate in candidates {
      let candidate = candidate.number
      switch candidate {
      case .int, .uint, .double: break
      default: throw ValueError.mismatch("numbers", candidate)
      }
      if best.map({ candidate.order(numeric: $0) == wanted }) ?? true { best = candidate }
    }
    guard let best else { throw ValueError("wants a list that is not empty") }
    return best
  }
}
