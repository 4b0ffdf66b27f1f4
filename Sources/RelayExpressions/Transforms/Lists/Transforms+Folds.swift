internal import RelayDocuments

/// The transforms that make one value of a list.
extension Transforms {
  @Sendable static func sum(_ input: TransformInput) throws(TransformError) -> JSON? {
    var sum = Decimal.zero
    for (index, element) in try input.list().enumerated() {
      guard let number = Decimal(element) else {
        throw TransformError("element \(index) is \(element.kindName), not a number")
      }
      sum = try sum.adding(number)
    }
    return sum.json
  }

  @Sendable static func least(_ input: TransformInput) throws(TransformError) -> JSON? {
    try comparable(input).min { $0.key < $1.key }?.element
  }

  @Sendable static func most(_ input: TransformInput) throws(TransformError) -> JSON? {
    try comparable(input).max { $0.key < $1.key }?.element
  }

  /// The elements without null: all numbers or all texts.
  private static func comparable(
    _ input: TransformInput
  ) throws(TransformError) -> [(key: SortKey, element: JSON)] {
    let list = try input.list().filter { $0 != .null }
    for (index, element) in list.enumerated() {
      switch (element, list[0]) {
      case (.number, .number), (.string, .string): continue
      default:
        throw TransformError("wants all numbers or all strings; element \(index) is \(element.kindName)")
      }
    }
    return list.map { (SortKey($0), $0) }
  }

  @Sendable static func groupBy(_ input: TransformInput) throws(TransformError) -> JSON? {
    var groups: [(name: String, elements: [JSON])] = []
    try eachKey(of: input) { key, element, place in
      if let place { groups[place].elements.append(element) } else { groups.append((key, [element])) }
    }
    return .object(JSONObject(groups.map { ($0.name, .array($0.elements)) }))
  }

  @Sendable static func keyBy(_ input: TransformInput) throws(TransformError) -> JSON? {
    var members: [(name: String, value: JSON)] = []
    try eachKey(of: input) { key, element, place in
      if let place { members[place].value = element } else { members.append((key, element)) }
    }
    return .object(JSONObject(members))
  }

  /// Each element with its key, and the place that the key has where it came before.
  private static func eachKey(
    of input: TransformInput, _ body: (_ key: String, _ element: JSON, _ place: Int?) -> Void
  ) throws(TransformError) {
    guard let path = input.path(0) else { return }
    var places: [String: Int] = [:]
    for (index, element) in try input.list().enumerated() {
      guard let key = element.value(at: path)?.scalarText else {
        throw TransformError("element \(index) has no string, number or bool at \(path.text)")
      }
      let place = places[key]
      body(key, element, place)
      if place == nil { places[key] = places.count }
    }
  }
}

/// What a list is sorted by: null, bools, numbers, strings by code points, then lists and objects by their
/// canonical text.
enum SortKey: Comparable {
  case null
  case bool(Int)
  case number(Decimal)
  case large(Double)
  case text([UInt8])
  case other([UInt8])

  init(_ value: JSON) {
    switch value {
    case .null: self = .null
    case .bool(let value): self = .bool(value ? 1 : 0)
    case .number(let number): self = Decimal(value).map(SortKey.number) ?? .large(number.double)
    case .string(let text): self = .text(Array(text.utf8))
    case .array, .object: self = .other(Array(value.canonicalText.utf8))
    }
  }

  private var rank: Int {
    switch self {
    case .null: 0
    case .bool: 1
    case .number, .large: 2
    case .text: 3
    case .other: 4
    }
  }

  static func < (a: SortKey, b: SortKey) -> Bool {
    switch (a, b) {
    case (.bool(let a), .bool(let b)): a < b
    case (.number(let a), .number(let b)): a < b
    case (.large(let a), .large(let b)): a < b
    case (.large(let a), .number(let b)): a < b.double
    case (.number(let a), .large(let b)): a.double < b
    case (.text(let a), .text(let b)), (.other(let a), .other(let b)): a.lexicographicallyPrecedes(b)
    default: a.rank < b.rank
    }
  }
}

extension Decimal {
  fileprivate var double: Double { Double(text) ?? 0 }
}

extension JSON {
  /// The same text for equal values: members by name, numbers without what says nothing.
  var canonicalText: String {
    var text = ""
    writeCanonical(to: &text)
    return text
  }

  private func writeCanonical(to text: inout String) {
    switch self {
    case .number: text += scalarText ?? ""
    case .array(let elements):
      text += "["
      for element in elements {
        element.writeCanonical(to: &text)
        text += ","
      }
      text += "]"
    case .object(let object):
      text += "{"
      for member in object.members.sorted(by: { $0.name < $1.name }) {
        text += JSON.string(member.name).text + ":"
        member.value.writeCanonical(to: &text)
        text += ","
      }
      text += "}"
    case .null, .bool, .string: text += self.text
    }
  }
}
