/// A chain of `&&` or `||`: an operand that decides wins over errors on either side of it.
final class ChainCode: Code {
  private let operands: [(code: any Code, offset: Int)]
  private let deciding: Bool

  /// - Parameter deciding: false for `&&`, true for `||`.
  init(_ operands: [(code: any Code, offset: Int)], on deciding: Bool) {
    self.operands = operands
    self.deciding = deciding
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    var problem: Fault?
    for operand in operands {
      try frame.charge(1, at: operand.offset)
      do throws(Fault) {
        if try operand.code.condition(&frame, deciding ? "||" : "&&", at: operand.offset) == deciding {
          return .bool(deciding)
        }
      } catch {
        if error.kind == .spent { throw error }
        problem = problem ?? error
      }
    }
    if let problem { throw problem }
    return .bool(!deciding)
  }
}

final class NotCode: Code {
  private let operand: any Code
  private let offset: Int

  init(_ operand: any Code, at offset: Int) {
    self.operand = operand
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    .bool(!(try operand.condition(&frame, "!", at: offset)))
  }
}

final class ChoiceCode: Code {
  private let condition: any Code
  private let first: any Code
  private let second: any Code
  private let offset: Int

  init(_ condition: any Code, _ first: any Code, _ second: any Code, at offset: Int) {
    self.condition = condition
    self.first = first
    self.second = second
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    try frame.charge(1, at: offset)
    return try condition.condition(&frame, "? :", at: offset) ? first.value(&frame) : second.value(&frame)
  }
}

final class NegateCode: Code {
  private let operand: any Code
  private let offset: Int

  init(_ operand: any Code, at offset: Int) {
    self.operand = operand
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    let value = try operand.value(&frame)
    do throws(ValueError) {
      return try Operators.negate(value)
    } catch {
      throw Fault(error, at: offset)
    }
  }
}

/// An operator of two operands, other than `&&`, `||` and `in`.
final class BinaryCode: Code {
  private let symbol: Symbol
  private let left: any Code
  private let right: any Code
  private let offset: Int

  init(_ symbol: Symbol, _ left: any Code, _ right: any Code, at offset: Int) {
    self.symbol = symbol
    self.left = left
    self.right = right
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    let a = try left.value(&frame)
    let b = try right.value(&frame)
    do throws(ValueError) {
      switch symbol {
      case .equal:
        try frame.budget.charge(1 + a.equalityCost(b))
        return .bool(a.isEqual(to: b))
      case .unequal:
        try frame.budget.charge(1 + a.equalityCost(b))
        return .bool(!a.isEqual(to: b))
      default:
        try frame.budget.charge(1 + a.weight + b.weight)
        return try Operators.apply(symbol, a, b)
      }
    } catch {
      throw Fault(error, at: offset)
    }
  }
}

final class InCode: Code {
  private let element: any Code
  private let container: any Code
  private let offset: Int

  init(_ element: any Code, _ container: any Code, at offset: Int) {
    self.element = element
    self.container = container
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    let wanted = try element.value(&frame)
    let container = try container.value(&frame)
    do throws(ValueError) {
      return .bool(try Self.contains(wanted, container, &frame.budget))
    } catch {
      throw Fault(error, at: offset)
    }
  }

  static func contains(_ wanted: Value, _ container: Value, _ budget: inout Budget) throws(ValueError) -> Bool
  {
    if container.isMap {
      try budget.charge(1 + container.lookupCost)
      return container.entry(wanted) != nil
    }
    guard container.listCount != nil, let items = Items(container) else {
      throw ValueError("\"in\" wants a list or a map on its right, not \(container.typeName)")
    }
    for index in 0..<items.count {
      let element = items.value(index)
      try budget.charge(1 + element.equalityCost(wanted))
      if element.isEqual(to: wanted) { return true }
    }
    return false
  }
}
