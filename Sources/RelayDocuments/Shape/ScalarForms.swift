internal import RelayModel

/// A string.
package struct TextForm: DefaultForm {
  package init() {}

  package func read(_ written: WrittenValue) -> String? { written.read(as: "a string", \.string) }
  package func schema(_: inout SchemaDefinitions) -> JSONObject { ["type": "string"] }
  package func written(_ value: String) -> JSON { .string(value) }
}

/// `true` or `false`.
package struct FlagForm: DefaultForm {
  package func read(_ written: WrittenValue) -> Bool? { written.read(as: "true or false", \.json.bool) }
  package func schema(_: inout SchemaDefinitions) -> JSONObject { ["type": "boolean"] }
  package func written(_ value: Bool) -> JSON { .bool(value) }
}

/// A whole number.
package struct IntegerForm: DefaultForm {
  let range: ClosedRange<Int>

  package func read(_ written: WrittenValue) -> Int? {
    let wanted =
      range.upperBound == .max
      ? "a whole number of at least \(range.lowerBound)"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return written.read(as: wanted) { node in node.json.int.flatMap { range.contains($0) ? $0 : nil } }
  }

  package func schema(_: inout SchemaDefinitions) -> JSONObject {
    var schema: JSONObject = ["type": "integer", "minimum": JSON(range.lowerBound)]
    if range.upperBound != .max { schema["maximum"] = JSON(range.upperBound) }
    return schema
  }

  package func written(_ value: Int) -> JSON { JSON(value) }
}

/// A number, with or without a fraction. Its bounds are whole.
package struct NumberForm: DefaultForm {
  let range: ClosedRange<Int>

  package func read(_ written: WrittenValue) -> Double? {
    let range = Double(range.lowerBound)...Double(range.upperBound)
    return written.read(as: "a number from \(range.lowerBound) to \(range.upperBound)") { node in
      guard case .scalar(.number(let number), _) = node.kind, range.contains(number.double) else {
        return nil
      }
      return number.double
    }
  }

  package func schema(_: inout SchemaDefinitions) -> JSONObject {
    ["type": "number", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
  }

  package func written(_ value: Double) -> JSON { .number(JSONNumber(text: "\(value)")) }
}

/// One of the raw values of an enumeration.
package struct ChoiceForm<Value: RawRepresentable<String> & CaseIterable & Sendable>: DefaultForm {
  package func read(_ written: WrittenValue) -> Value? {
    if let value = written.node.string.flatMap(Value.init(rawValue:)) { return value }
    let hint = written.node.string.flatMap { nearest(to: $0, among: names) }
    written.reject(
      "must be one of \(names.joined(separator: ", "))" + (hint.map { "; did you mean \"\($0)\"?" } ?? ""))
    return nil
  }

  package func schema(_: inout SchemaDefinitions) -> JSONObject {
    ["enum": .array(names.map(JSON.string))]
  }

  package func written(_ value: Value) -> JSON { .string(value.rawValue) }

  private var names: [String] { Value.allCases.map(\.rawValue) }
}

extension Form where Self == TextForm {
  package static var text: Self { TextForm() }
}

extension Form where Self == FlagForm {
  package static var flag: Self { FlagForm() }
}

extension Form where Self == IntegerForm {
  package static func integer(in range: ClosedRange<Int>) -> Self { IntegerForm(range: range) }
}

extension Form where Self == NumberForm {
  package static func number(in range: ClosedRange<Int>) -> Self { NumberForm(range: range) }
}
