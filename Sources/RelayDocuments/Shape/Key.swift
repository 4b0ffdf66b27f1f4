/// A key of a mapping that people write: what it is called, what it holds, and what it is for.
package struct Key<Content: Form>: NamedKey {
  package let name: String
  package let isRequired: Bool
  /// What its value may be.
  package let form: Content
  let purpose: String

  /// - Parameter purpose: a line for people, without a full stop where it is one phrase only.
  package init(_ name: String, _ form: Content, required: Bool = false, _ purpose: String) {
    self.name = name
    self.form = form
    self.isRequired = required
    self.purpose = purpose
  }

  package func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    form.schema(&definitions).described(purpose)
  }
}

/// A key that has a value where it is not written.
package struct Setting<Content: DefaultForm>: NamedKey where Content.Value: Sendable {
  package let name: String
  package var isRequired: Bool { false }
  let form: Content
  /// What holds where nothing is written.
  package let standard: Content.Value
  let purpose: String

  package init(_ name: String, _ form: Content, default standard: Content.Value, _ purpose: String) {
    self.name = name
    self.form = form
    self.standard = standard
    self.purpose = purpose
  }

  package func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    var schema = form.schema(&definitions).described(purpose)
    schema["default"] = form.written(standard)
    return schema
  }
}

/// A key, whatever it holds.
package protocol NamedKey: Sendable {
  var name: String { get }
  /// Whether a mapping without it is refused.
  var isRequired: Bool { get }
  /// What a JSON Schema says of its value.
  func schema(_ definitions: inout SchemaDefinitions) -> JSONObject
}

extension JSONObject {
  /// With `purpose` in front of what the form itself says, such as its bounds.
  fileprivate func described(_ purpose: String) -> JSONObject {
    var described = self
    described["description"] = .string(
      [purpose, self["description"]?.string].compactMap(\.self).joined(separator: " "))
    return described
  }
}
