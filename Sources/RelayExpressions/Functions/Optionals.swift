extension Functions {
  /// `or` and `orValue` are in the compiler: their argument is evaluated only where it is needed.
  static let optionals: [Function] = [
    Function("optional.of", .global) { value, _ throws(ValueError) in .optional(value) },
    Function("optional.none", .global, 0...0) { _, _ throws(ValueError) in .optional(nil) },
    Function("optional.ofNonZeroValue", .global) { value, _ throws(ValueError) in
      .optional(value.isZero ? nil : value)
    },
    Function("optional.unwrap", .global) { value, _ throws(ValueError) in .list(try present(value)) },
    Function("unwrapOpt") { value, _ throws(ValueError) in .list(try present(value)) },
    Function("hasValue") { value, _ throws(ValueError) in .bool(try value.asOptional() != nil) },
    Function("value") { value, _ throws(ValueError) in
      guard let inner = try value.asOptional() else {
        throw ValueError("the optional value is empty; orValue(…) gives it a default", .missing)
      }
      return inner
    },
  ]

  private static func present(_ list: Value) throws(ValueError) -> [Value] {
    var values: [Value] = []
    for element in try list.asList() {
      if let value = try element.asOptional() { values.append(value) }
    }
    return values
  }
}

extension Value {
  fileprivate func asOptional() throws(ValueError) -> Value? {
    guard case .optional(let inner) = self else { throw ValueError.mismatch("an optional value", self) }
    return inner
  }
}
