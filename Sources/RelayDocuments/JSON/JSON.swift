/// A JSON value that keeps what other representations lose: the order of members and the text of
/// numbers. Duplicate member names are refused by the parser, so `members` has none.
package enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSON])
  case object(JSONObject)
}

/// A number as it was written: `1.10` stays `1.10`.
package struct JSONNumber: Sendable, Hashable {
  /// RFC 8259 number text.
  package let text: String

  /// Takes text that is known to follow RFC 8259's grammar.
  package init(text: String) { self.text = text }
  package init(_ value: Int) { self.text = String(value) }

  /// The value where it is an integer that fits (`5`, `-3`; `5.0` and `5e0` are not integers).
  package var int: Int64? { Int64(text) }
  package var double: Double { Double(text) ?? .nan }
}

/// The members of an object, in the order they were written.
package struct JSONObject: Sendable, Hashable {
  package private(set) var members: [(name: String, value: JSON)]

  package init() { members = [] }
  package init(_ members: [(name: String, value: JSON)]) { self.members = members }

  package var count: Int { members.count }
  package var isEmpty: Bool { members.isEmpty }

  package subscript(name: String) -> JSON? {
    get { members.first { $0.name == name }?.value }
    set {
      if let index = members.firstIndex(where: { $0.name == name }) {
        if let newValue { members[index].value = newValue } else { members.remove(at: index) }
      } else if let newValue {
        members.append((name, newValue))
      }
    }
  }

  package static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.members.count == b.members.count && a.members.allSatisfy { b[$0.name] == $0.value }
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(members.count) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self.init(elements.map { (name: $0.0, value: $0.1) })
  }
}

/// No nil literal: `condition ? value : nil` would quietly mean a JSON null where an absent value is meant.
extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(JSONObject(elements.map { (name: $0.0, value: $0.1) }))
  }

  package init(_ value: Int) { self = .number(JSONNumber(value)) }
  package init(_ value: String?) { self = value.map(JSON.string) ?? .null }

  /// The member of an object; nil for other values and for a missing member.
  package subscript(name: String) -> JSON? {
    if case .object(let object) = self { object[name] } else { nil }
  }

  package var string: String? { if case .string(let value) = self { value } else { nil } }
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var int: Int? { if case .number(let value) = self { value.int.map(Int.init) } else { nil } }
  package var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
  package var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
}
