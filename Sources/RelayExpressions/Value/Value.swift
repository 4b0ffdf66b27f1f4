package import RelayDocuments

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
  case timestamp(Instant)
  case duration(Duration)
  /// A type, as `type(x)` gives it.
  case type(String)
  /// A value that may be absent.
  indirect case optional(Value?)
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

  /// The same value, numbers of documents as CEL's numbers; lists and maps stay as they are.
  var number: Value {
    if case .json(.number(let number)) = self {
      number.int.map(Value.int) ?? .double(number.double)
    } else {
      self
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
    case .type: "type"
    case .optional: "optional"
    }
  }

  /// What `type(x)` gives.
  var celType: String {
    switch typeName {
    case "null": "null_type"
    case "timestamp": "google.protobuf.Timestamp"
    case "duration": "google.protobuf.Duration"
    case "optional": "optional_type"
    case let name: name
    }
  }

  /// The names that stand for types where no variable has them.
  static let typeNames: Set = [
    "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type", "optional_type",
    "google.protobuf.Timestamp", "google.protobuf.Duration",
  ]

  package var isNull: Bool {
    switch self {
    case .null, .json(.null): true
    default: false
    }
  }
}
