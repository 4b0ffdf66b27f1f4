/// `a.b` of a computed value, and `a.?b`, which is an optional value.
final class MemberCode: Code {
  private let target: any Code
  private let name: String
  private let isOptional: Bool
  private let offset: Int

  init(_ target: any Code, _ name: String, isOptional: Bool, at offset: Int) {
    self.target = target
    self.name = name
    self.isOptional = isOptional
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    var value = try target.value(&frame)
    try frame.charge(1, at: offset)
    guard isOptional else { return try Members.select(name, of: value, at: offset, &frame) { "the value" } }
    if case .optional = value {} else { value = .optional(value) }
    return try Members.select(name, of: value, at: offset, &frame) { "the value" }
  }
}

/// `a[b]`, and `a[?b]`, which is an optional value.
final class IndexCode: Code {
  private let target: any Code
  private let index: any Code
  private let isOptional: Bool
  private let subject: String
  private let offset: Int

  init(_ target: any Code, _ index: any Code, isOptional: Bool, subject: String, at offset: Int) {
    self.target = target
    self.index = index
    self.isOptional = isOptional
    self.subject = subject
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    var container = try target.value(&frame)
    let key = try index.value(&frame)
    try frame.charge(1, at: offset)
    if isOptional {
      if case .optional = container {} else { container = .optional(container) }
    }
    return try Members.element(key, of: container, at: offset, &frame) { subject }
  }
}

/// `has(a.b)`: whether the member is there.
final class HasCode: Code {
  private let target: any Code
  private let name: String
  private let offset: Int

  init(_ target: any Code, _ name: String, at offset: Int) {
    self.target = target
    self.name = name
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    var value = try target.value(&frame)
    if case .optional(let inner) = value {
      guard let inner else { return .bool(false) }
      value = inner
    }
    guard value.isMap else { throw Fault("\(value.typeName) has no members", at: offset) }
    try frame.charge(1 + value.lookupCost, at: offset)
    return .bool(value.member(name) != nil)
  }
}

final class ListCode: Code {
  private let elements: [(code: any Code, isOptional: Bool)]
  private let offset: Int

  init(_ elements: [(code: any Code, isOptional: Bool)], at offset: Int) {
    self.elements = elements
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    try frame.charge(1 + elements.count, at: offset)
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for element in elements {
      let value = try element.code.value(&frame)
      if !element.isOptional {
        values.append(value)
      } else if let value = try optional(value, at: offset) {
        values.append(value)
      }
    }
    return .list(values)
  }
}

final class MapCode: Code {
  struct Entry: Sendable {
    let key: any Code
    let value: any Code
    let isOptional: Bool
    let offset: Int
  }

  private let entries: [Entry]
  private let offset: Int

  init(_ entries: [Entry], at offset: Int) {
    self.entries = entries
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    try frame.charge(1 + entries.count, at: offset)
    var map = ValueMap()
    for entry in entries {
      let key = try MapCode.key(try entry.key.value(&frame), at: entry.offset)
      let value = try entry.value.value(&frame)
      guard map[key] == nil else { throw Fault("a key appears twice", at: entry.offset) }
      map[key] = entry.isOptional ? try optional(value, at: entry.offset) : value
    }
    return .map(map)
  }

  static func key(_ value: Value, at offset: Int) throws(Fault) -> MapKey {
    if case .double = value.number {} else if let key = MapKey(value) { return key }
    throw Fault("a key must be a string, a bool or a whole number, not \(value.typeName)", at: offset)
  }
}

/// What is in an optional value.
private func optional(_ value: Value, at offset: Int) throws(Fault) -> Value? {
  guard case .optional(let inner) = value else {
    throw Fault("\"?\" wants an optional value, not \(value.typeName)", at: offset)
  }
  return inner
}
