/// A macro over the elements of a list or the entries of a map.
final class FoldCode: Code {
  private let macro: Macro
  private let range: any Code
  /// Where the variables stand: one holds the element, of two the first holds the place or key.
  private let places: [Int]
  private let condition: (any Code)?
  private let transform: (any Code)?
  private let offset: Int

  init(
    _ macro: Macro, _ range: any Code, places: [Int], condition: (any Code)?, transform: (any Code)?,
    at offset: Int
  ) {
    self.macro = macro
    self.range = range
    self.places = places
    self.condition = condition
    self.transform = transform
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    let range = try range.value(&frame)
    guard let items = Items(range) else {
      throw Fault("\(macro.rawValue)() wants a list or a map, not \(range.typeName)", at: offset)
    }
    switch macro {
    case .all: return try decide(items, on: false, &frame)
    case .exists: return try decide(items, on: true, &frame)
    case .existsOne, .existsOneCamel: return .bool(try count(items, &frame) == 1)
    case .filter: return try filter(items, &frame)
    case .transformMap: return try transformMap(items, &frame)
    case .transformMapEntry: return try transformMapEntry(items, &frame)
    case .sortBy: return try sort(items, &frame)
    default: return .list(try results(items, &frame))
    }
  }

  private func bind(_ items: Items, _ index: Int, _ frame: inout Frame) throws(Fault) {
    try frame.charge(1, at: offset)
    if places.count == 2 {
      frame.locals[places[0]] = items.key(index)
      frame.locals[places[1]] = items.value(index)
    } else {
      frame.locals[places[0]] = items.isList ? items.value(index) : items.key(index)
    }
  }

  private func holds(_ frame: inout Frame) throws(Fault) -> Bool {
    guard let condition else { return true }
    return try condition.condition(&frame, macro.rawValue, at: offset)
  }

  /// One item that decides wins over errors in others.
  private func decide(_ items: Items, on deciding: Bool, _ frame: inout Frame) throws(Fault) -> Value {
    var problem: Fault?
    for index in 0..<items.count {
      try bind(items, index, &frame)
      do throws(Fault) {
        if try holds(&frame) == deciding { return .bool(deciding) }
      } catch {
        if error.kind == .spent { throw error }
        problem = problem ?? error
      }
    }
    if let problem { throw problem }
    return .bool(!deciding)
  }

  private func count(_ items: Items, _ frame: inout Frame) throws(Fault) -> Int {
    var count = 0
    for index in 0..<items.count {
      try bind(items, index, &frame)
      if try holds(&frame) { count += 1 }
    }
    return count
  }

  private func filter(_ items: Items, _ frame: inout Frame) throws(Fault) -> Value {
    var chosen: [Value] = []
    for index in 0..<items.count {
      try bind(items, index, &frame)
      if try holds(&frame) { chosen.append(items.isList ? items.value(index) : items.key(index)) }
    }
    return .list(chosen)
  }

  private func results(_ items: Items, _ frame: inout Frame) throws(Fault) -> [Value] {
    var results: [Value] = []
    guard let transform else { return results }
    results.reserveCapacity(min(items.count, 4096))
    for index in 0..<items.count {
      try bind(items, index, &frame)
      if try holds(&frame) { results.append(try transform.value(&frame)) }
    }
    return results
  }

  private func transformMap(_ items: Items, _ frame: inout Frame) throws(Fault) -> Value {
    var map = ValueMap()
    guard let transform else { return .map(map) }
    for index in 0..<items.count {
      try bind(items, index, &frame)
      guard try holds(&frame) else { continue }
      map[try MapCode.key(items.key(index), at: offset)] = try transform.value(&frame)
    }
    return .map(map)
  }

  private func transformMapEntry(_ items: Items, _ frame: inout Frame) throws(Fault) -> Value {
    var map = ValueMap()
    guard let transform else { return .map(map) }
    for index in 0..<items.count {
      try bind(items, index, &frame)
      guard try holds(&frame) else { continue }
      let made = try transform.value(&frame)
      guard made.isMap, let entries = Items(made) else {
        throw Fault("\(macro.rawValue)() wants a map of one entry, not \(made.typeName)", at: offset)
      }
      for place in 0..<entries.count {
        let key = try MapCode.key(entries.key(place), at: offset)
        guard map[key] == nil else { throw Fault("a key appears twice", at: offset) }
        map[key] = entries.value(place)
      }
    }
    return .map(map)
  }

  private func sort(_ items: Items, _ frame: inout Frame) throws(Fault) -> Value {
    guard items.isList else { throw Fault("sortBy() wants a list, not a map", at: offset) }
    let keys = try results(items, &frame)
    let values = (0..<items.count).map { items.value($0) }
    do throws(ValueError) {
      return .list(try Sorting.sorted(values, by: keys, &frame.budget))
    } catch {
      throw Fault(error, at: offset, in: macro.rawValue)
    }
  }
}

/// `cel.bind(x, value, …)`: a name for a value.
final class BindCode: Code {
  private let bound: any Code
  private let place: Int
  private let body: any Code
  private let offset: Int

  init(_ bound: any Code, place: Int, _ body: any Code, at offset: Int) {
    self.bound = bound
    self.place = place
    self.body = body
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    try frame.charge(1, at: offset)
    frame.locals[place] = try bound.value(&frame)
    return try body.value(&frame)
  }
}

/// `optMap` and `optFlatMap`: what is in an optional value, made into another.
final class OptionalMapCode: Code {
  private let macro: Macro
  private let target: any Code
  private let place: Int
  private let body: any Code
  private let offset: Int

  init(_ macro: Macro, _ target: any Code, place: Int, _ body: any Code, at offset: Int) {
    self.macro = macro
    self.target = target
    self.place = place
    self.body = body
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    let target = try target.value(&frame)
    guard case .optional(let inner) = target else {
      throw Fault("\(macro.rawValue)() wants an optional value, not \(target.typeName)", at: offset)
    }
    guard let inner else { return .optional(nil) }
    try frame.charge(1, at: offset)
    frame.locals[place] = inner
    let made = try body.value(&frame)
    guard macro == .optFlatMap else { return .optional(made) }
    guard case .optional = made else {
      throw Fault("optFlatMap() wants an optional value, not \(made.typeName)", at: offset)
    }
    return made
  }
}

/// `a.or(b)` and `a.orValue(b)`: `b` is evaluated only where `a` has nothing.
final class OrElseCode: Code {
  private let target: any Code
  private let other: any Code
  /// Whether the result is a value rather than an optional one.
  private let unwraps: Bool
  private let offset: Int

  init(_ target: any Code, _ other: any Code, unwraps: Bool, at offset: Int) {
    self.target = target
    self.other = other
    self.unwraps = unwraps
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    let target = try target.value(&frame)
    guard case .optional(let inner) = target else {
      let name = unwraps ? "orValue" : "or"
      throw Fault("\(name)() wants an optional value, not \(target.typeName)", at: offset)
    }
    if let inner { return unwraps ? inner : target }
    let other = try other.value(&frame)
    if unwraps { return other }
    guard case .optional = other else {
      throw Fault("or() wants an optional value, not \(other.typeName)", at: offset)
    }
    return other
  }
}
