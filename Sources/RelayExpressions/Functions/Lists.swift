extension Functions {
  static let lists: [Function] = [
    Function("lists.range", .global) { value, budget throws(ValueError) in
      let count = try value.asInt()
      guard count >= 0 else { throw ValueError("wants a count of at least 0") }
      try budget.charge(Int(min(count, Int64(Int32.max))))
      return .list((0..<count).map(Value.int))
    },
    Function("slice", .method, 3...3) { values, _ throws(ValueError) in
      let elements = try values[0].asList()
      let start = try values[1].asInt()
      let end = try values[2].asInt()
      guard start >= 0, start <= elements.count else { throw outside(start, elements.count) }
      guard end >= 0, end <= elements.count else { throw outside(end, elements.count) }
      guard start <= end else { throw ValueError("the range from \(start) to \(end) ends before it begins") }
      return .list(Array(elements[Int(start)..<Int(end)]))
    },
    Function("flatten", .method, 1...2) { values, budget throws(ValueError) in
      let depth = values.count > 1 ? try values[1].asInt() : 1
      guard depth >= 0 else { throw ValueError("wants a depth of at least 0") }
      var flat: [Value] = []
      try flatten(try values[0].asList(), depth, into: &flat, &budget)
      return .list(flat)
    },
    Function("distinct") { value, budget throws(ValueError) in
      var seen: Set<SetElement> = []
      var kept: [Value] = []
      for element in try value.asList() {
        try budget.charge(2 + element.deepWeight(limit: Budget.limit))
        if seen.insert(SetElement(value: element)).inserted { kept.append(element) }
      }
      return .list(kept)
    },
    Function("sort") { value, budget throws(ValueError) in
      let elements = try value.asList()
      return .list(try Sorting.sorted(elements, by: elements, &budget))
    },
    Function("first") { value, _ throws(ValueError) in .optional(try value.asList().first) },
    Function("last") { value, _ throws(ValueError) in .optional(try value.asList().last) },
  ]

  private static func flatten(
    _ elements: [Value], _ depth: Int64, into flat: inout [Value], _ budget: inout Budget
  ) throws(ValueError) {
    try budget.charge(elements.count)
    for element in elements {
      if depth > 0, let inner = element.elements {
        try flatten(inner, depth - 1, into: &flat, &budget)
      } else {
        flat.append(element)
      }
    }
  }

  static let sets: [Function] = [
    Function("sets.contains", .global) { a, b, budget throws(ValueError) in
      .bool(try set(a, &budget).isSuperset(of: try set(b, &budget)))
    },
    Function("sets.equivalent", .global) { a, b, budget throws(ValueError) in
      .bool(try set(a, &budget) == set(b, &budget))
    },
    Function("sets.intersects", .global) { a, b, budget throws(ValueError) in
      .bool(try !set(a, &budget).isDisjoint(with: try set(b, &budget)))
    },
  ]

  private static func set(_ value: Value, _ budget: inout Budget) throws(ValueError) -> Set<SetElement> {
    let elements = try value.asList()
    for element in elements { try budget.charge(2 + element.deepWeight(limit: Budget.limit)) }
    return Set(elements.map { SetElement(value: $0) })
  }
}

/// Sorting by keys of one kind that have an order.
enum Sorting {
  /// Equal keys keep their order.
  static func sorted(_ values: [Value], by keys: [Value], _ budget: inout Budget) throws(ValueError)
    -> [Value]
  {
    guard let first = keys.first else { return values }
    let rounds = max(1, Int.bitWidth - keys.count.leadingZeroBitCount)
    for key in keys {
      try budget.charge(rounds * (1 + key.weight))
      guard first.order(to: key) != nil else {
        throw ValueError(
          first.order(to: first) == nil
            ? "cannot sort by \(first.typeName)" : "cannot sort \(first.typeName) with \(key.typeName)")
      }
    }
    let places = keys.indices.sorted { a, b in
      switch keys[a].order(to: keys[b]) {
      case .less?: true
      case .greater?: false
      default: a < b
      }
    }
    return places.map { values[$0] }
  }
}
