internal import RelayModel

/// A name with the members that follow it: `event.body.action`.
final class PathCode: Code {
  enum Root {
    /// A name of the scope.
    case variable(String)
    /// A variable of a macro.
    case local(Int)
  }

  private let root: Root
  /// The root's name, then the members.
  private let names: [String]
  /// Where each name stands.
  private let offsets: [Int]

  init(_ root: Root, names: [String], offsets: [Int]) {
    self.root = root
    self.names = names
    self.offsets = offsets
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    try frame.charge(names.count, at: offsets[0])
    var (value, taken) = try start(frame)
    while taken < names.count {
      value = try Members.select(names[taken], of: value, at: offsets[taken], &frame) {
        names[..<taken].joined(separator: ".")
      }
      taken += 1
    }
    return value
  }

  /// The root's value and how many names it took: of several names with dots the longest.
  private func start(_ frame: Frame) throws(Fault) -> (Value, Int) {
    guard case .variable(let name) = root else {
      if case .local(let place) = root { return (frame.locals[place], 1) }
      return (.null, 1)
    }
    let isQualified = frame.scope.hasQualifiedNames
    if isQualified || names.count == 3 {
      for count in stride(from: names.count, to: 1, by: -1) {
        let whole = names[..<count].joined(separator: ".")
        if isQualified, let value = frame.scope.variable(whole) { return (value, count) }
        if Value.typeNames.contains(whole) { return (.type(whole), count) }
      }
    }
    if let value = frame.scope.variable(name) { return (value, 1) }
    if Value.typeNames.contains(name) { return (.type(name), 1) }
    let hint = suggestion(name, frame.scope.variableNames)
    throw Fault("no such name \"\(name)\"\(hint)", at: offsets[0])
  }
}

/// `; did you mean "x"?`, or nothing.
func suggestion(_ name: String, _ known: some Sequence<String>) -> String {
  nearest(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
}

/// Looking into maps and lists.
enum Members {
  /// The member; of an optional value again an optional one.
  static func select(
    _ name: String, of value: Value, at offset: Int, _ frame: inout Frame, _ subject: () -> String
  ) throws(Fault) -> Value {
    if case .optional(let inner) = value {
      guard let inner, !inner.isNull else { return .optional(nil) }
      guard inner.isMap else { throw noMembers(inner, name, offset, subject()) }
      return .optional(inner.member(name))
    }
    try frame.charge(value.lookupCost, at: offset)
    if let member = value.member(name) { return member }
    guard let names = value.memberNames else { throw noMembers(value, name, offset, subject()) }
    throw Fault(
      "\(subject()) has no member \"\(name)\"\(suggestion(name, names))", at: offset, .missing)
  }

  private static func noMembers(_ value: Value, _ name: String, _ offset: Int, _ subject: String) -> Fault {
    // Of null nothing is known, so that what is asked of it is missing like a member of an empty map.
    Fault(
      "\(subject) is \(value.typeName) and has no member \"\(name)\"", at: offset,
      value.isNull ? .missing : .wrong)
  }

  static func element(
    _ index: Value, of value: Value, at offset: Int, _ frame: inout Frame, _ subject: () -> String
  ) throws(Fault) -> Value {
    if case .optional(let inner) = value {
      guard let inner, !inner.isNull else { return .optional(nil) }
      return .optional(try find(index, in: inner, at: offset, &frame, subject))
    }
    if let found = try find(index, in: value, at: offset, &frame, subject) { return found }
    if value.isMap {
      if case .string(let name) = index {
        let hint = suggestion(name, value.memberNames ?? [])
        throw Fault("\(subject()) has no member \"\(name)\"\(hint)", at: offset, .missing)
      }
      throw Fault("\(subject()) has no such key", at: offset, .missing)
    }
    throw Fault(
      "\(subject()) has \(value.listCount ?? 0) elements, so none at \(index.text)", at: offset, .missing)
  }

  /// Nil when there is no such key or element.
  static func find(
    _ index: Value, in value: Value, at offset: Int, _ frame: inout Frame, _ subject: () -> String
  ) throws(Fault) -> Value? {
    if value.isMap {
      try frame.charge(value.lookupCost, at: offset)
      return value.entry(index)
    }
    guard value.listCount != nil else {
      throw Fault(
        "\(subject()) is \(value.typeName) and has no elements", at: offset,
        value.isNull ? .missing : .wrong)
    }
    switch MapKey(index) {
    case .int(let place)?: return value.element(at: place)
    case .uint?: return nil
    default: throw Fault("an index must be a whole number, not \(index.typeName)", at: offset)
    }
  }
}
