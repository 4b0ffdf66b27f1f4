package import RelayDocuments
package import RelayModel

/// A value of an expression: CEL's types, and values of documents that stay as they came until an
/// expression looks into them, so that what is only passed on keeps its number text and member order.
package enum Value: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case list([Value])
  case map(ValueMap)
  case timestamp(Timestamp)
  case duration(Duration)
  /// A value of a document, not looked into yet.
  case json(JSON)
  /// A map whose members are made when they are asked for.
  case object(any ValueObject)
}

/// A map with fixed string keys whose values may cost something: made when they are asked for.
package protocol ValueObject: AnyObject, Sendable {
  /// Every key, in the order in which they are shown.
  var memberNames: [String] { get }
  /// The value under `name`; nil when there is no such member.
  func member(_ name: String) -> Value?
}

extension Value {
  /// The value of a document. An integer that fits counts as int, any other number as double.
  package init(_ json: JSON) {
    switch json {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .string(let text): self = .string(text)
    case .number, .array, .object: self = .json(json)
    }
  }

  /// The same value as one of CEL's types, one level deep: neither `json` nor `object`.
  package var resolved: Value {
    switch self {
    case .json(.number(let number)): number.int.map(Value.int) ?? .double(number.double)
    case .json(.array(let elements)): .list(elements.map { Value($0) })
    case .json(.object(let object)): .map(ValueMap(object))
    case .json(let scalar): Value(scalar)
    case .object(let object): .map(ValueMap(object))
    default: self
    }
  }

  /// CEL's name of the value's type, for messages.
  package var typeName: String {
    switch self {
    case .null, .json(.null): "null"
    case .bool, .json(.bool): "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .json(.number(let number)): number.int == nil ? "double" : "int"
    case .string, .json(.string): "string"
    case .bytes: "bytes"
    case .list, .json(.array): "list"
    case .map, .json(.object), .object: "map"
    case .timestamp: "timestamp"
    case .duration: "duration"
    }
  }

  package var isNull: Bool {
    switch self {
    case .null, .json(.null): true
    default: false
    }
  }
}
