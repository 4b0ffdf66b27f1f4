/// A list whose elements have one form. An element that is wrong is reported and left out.
package struct ListForm<Element: Form>: Form {
  private let element: Element

  package init(of element: Element) { self.element = element }

  package func read(_ written: WrittenValue) -> [Element.Value]? {
    let elements = written.read(as: "a list", \.elements)
    return elements?.enumerated().compactMap { index, node in
      element.read(WrittenValue(node, path: "\(written.path)[\(index)]", written.diagnostics))
    }
  }

  package func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    ["type": "array", "items": .object(element.schema(&definitions))]
  }
}

/// A mapping whose names are the user's, and whose values have one form.
package struct MembersForm<Content: Form>: Form {
  let content: Content
  /// The pattern of names; nil for any.
  let pattern: String?
  let count: ClosedRange<Int>?

  /// The members in order; one that is wrong is reported and left out.
  package func read(_ written: WrittenValue) -> [NamedValue<Content.Value>]? {
    guard let members = written.node.members else {
      written.reject("must be a mapping, not \(written.node.kindName)")
      return nil
    }
    return members.compactMap { member in
      let value = WrittenValue(member.value, path: "\(written.path).\(member.name)", written.diagnostics)
      return content.read(value).map {
        NamedValue(name: member.name, position: member.position, written: value, value: $0)
      }
    }
  }

  package func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    var schema: JSONObject = ["type": "object"]
    if let pattern { schema["propertyNames"] = ["pattern": .string(pattern)] }
    if let count {
      schema["minProperties"] = JSON(count.lowerBound)
      schema["maxProperties"] = JSON(count.upperBound)
    }
    let values = content.schema(&definitions)
    if !values.isEmpty { schema["additionalProperties"] = .object(values) }
    return schema
  }
}

/// A member whose name is the user's.
package struct NamedValue<Value> {
  package let name: String
  /// Where the name stands.
  package let position: DocumentPosition
  package let written: WrittenValue
  package let value: Value
}

/// Any value at all but null.
package struct AnyForm: Form {
  package func read(_ written: WrittenValue) -> WrittenValue? { written }
  package func schema(_: inout SchemaDefinitions) -> JSONObject { [:] }
}

/// A short way to write a value, and a mapping for who wants to say more.
package struct EitherForm<Short: Form, Long: Form<MappingReader>>: Form {
  package enum Value {
    case short(Short.Value)
    case long(MappingReader)
  }

  let short: Short
  let long: Long

  package func read(_ written: WrittenValue) -> Value? {
    if written.node.members != nil { return long.read(written).map(Value.long) }
    return short.read(written).map(Value.short)
  }

  package func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    let forms = [short.schema(&definitions), long.schema(&definitions)]
    return ["anyOf": .array(forms.map(JSON.object))]
  }
}

extension Form where Self == AnyForm {
  package static var anything: Self { AnyForm() }
}

extension Form {
  package static func list<Element>(of element: Element) -> Self where Self == ListForm<Element> {
    ListForm(of: element)
  }

  /// - Parameters:
  ///   - pattern: of the names, for the schema; whoever reads them judges them.
  ///   - count: of the members, likewise.
  package static func members<Content>(
    of content: Content, named pattern: String? = nil, count: ClosedRange<Int>? = nil
  ) -> Self where Self == MembersForm<Content> {
    MembersForm(content: content, pattern: pattern, count: count)
  }

  package static func either<Short, Long>(_ short: Short, or long: Long) -> Self
  where Self == EitherForm<Short, Long> { EitherForm(short: short, long: long) }

  package static func choice<Value>(of: Value.Type) -> Self where Self == ChoiceForm<Value> { ChoiceForm() }
}
