internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel

/// A string that is one expression. Who reads it knows the names that it may use.
struct ExpressionForm: Form {
  func read(_ written: WrittenValue) -> WrittenText? { WrittenText(written) }

  func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    definitions.reference("expression") { _ in
      ["type": "string", "minLength": 1, "description": "An expression in CEL."]
    }
  }
}

/// A string in which `{{ }}` may hold expressions.
struct TemplateForm: Form {
  func read(_ written: WrittenValue) -> WrittenText? { WrittenText(written) }

  func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    definitions.reference("text") { _ in
      ["type": "string", "description": "May hold expressions in {{ }}."]
    }
  }
}

/// The same where a literal is a whole number, which may be written as the number that it is.
struct IntegerTemplateForm: Form {
  /// Nil where any number will do.
  var range: ClosedRange<Int>?
  let complaint: String

  func read(_ written: WrittenValue) -> WrittenText? {
    if let text = written.node.json.int.map(String.init) ?? written.node.string {
      return WrittenText(text, written)
    }
    written.reject(complaint)
    return nil
  }

  func schema(_: inout SchemaDefinitions) -> JSONObject {
    var schema: JSONObject = ["type": ["string", "integer"]]
    if let range {
      schema["minimum"] = JSON(range.lowerBound)
      schema["maximum"] = JSON(range.upperBound)
    }
    return schema
  }
}

/// A string of a document, and where it stands.
struct WrittenText {
  let text: String
  let value: WrittenValue

  init(_ text: String, _ value: WrittenValue) {
    self.text = text
    self.value = value
  }

  /// Reports a value that is no string.
  init?(_ value: WrittenValue) {
    guard let text = TextForm().read(value) else { return nil }
    self.init(text, value)
  }
}

/// Where a secret lies.
struct SecretForm: Form {
  func read(_ written: WrittenValue) -> SecretReference? {
    guard let text = TextForm().read(written) else { return nil }
    if let secret = SecretReference(text) { return secret }
    written.reject("must be env:NAME, file:PATH or vault:NAME, not the secret itself")
    return nil
  }

  func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    definitions.reference("secret") { _ in
      [
        "type": "string",
        "pattern": .string(SecretReference.pattern),
        "description": "Where the secret lies: env:NAME, file:PATH or vault:NAME.",
      ]
    }
  }
}

/// A value of a header field: a string in which `{{ }}` may hold expressions, or what is written as one.
struct ScalarForm: Form {
  func read(_ written: WrittenValue) -> WrittenText? {
    guard case .scalar(let value, let text) = written.node.kind, value != .null else {
      written.reject("must be a string, not \(written.node.kindName)")
      return nil
    }
    return WrittenText(text, written)
  }

  func schema(_: inout SchemaDefinitions) -> JSONObject { ["type": ["string", "number", "boolean"]] }
}

/// An object, in whose strings `{{ }}` may hold expressions.
struct ObjectForm: Form {
  func read(_ written: WrittenValue) -> WrittenValue? {
    if written.node.members != nil { return written }
    written.reject("must be a mapping, not \(written.node.kindName)")
    return nil
  }

  func schema(_: inout SchemaDefinitions) -> JSONObject { ["type": "object"] }
}

/// A transform's name, or an object with the name and its arguments, which the transform judges.
struct TransformForm: Form {
  func read(_ written: WrittenValue) -> WrittenValue? { written }

  func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    definitions.reference("transform") { definitions in
      let name = definitions.reference("transformName") { _ in
        ["enum": .array(Transforms.all.map { .string($0.name) })]
      }
      return [
        "anyOf": [
          .object(name),
          ["type": "object", "propertyNames": .object(name), "minProperties": 1, "maxProperties": 1],
        ]
      ]
    }
  }
}

/// A list of steps.
struct StepsForm: Form {
  /// Whether it may be empty.
  var mayBeEmpty = false

  func read(_ written: WrittenValue) -> [DocumentNode]? {
    let steps = written.read(as: "a list", \.elements)
    if steps?.isEmpty == true, !mayBeEmpty { written.reject("must hold at least one step") }
    return steps
  }

  func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    definitions.reference(mayBeEmpty ? "someSteps" : "steps") { definitions in
      [
        "type": "array", "minItems": mayBeEmpty ? 0 : 1, "maxItems": JSON(StepListReader.maxSteps),
        "items": .object(StepKeys.shape.schema(&definitions)),
      ]
    }
  }
}

extension Form where Self == ExpressionForm {
  static var expression: Self { ExpressionForm() }
}

extension Form where Self == TemplateForm {
  static var template: Self { TemplateForm() }
}

extension Form where Self == SecretForm {
  static var secret: Self { SecretForm() }
}

extension Form where Self == WordForm {
  /// A name of a hook or a workflow.
  static var resourceName: Self {
    WordForm(
      first: "a-z0-9", rest: "a-z0-9_-",
      "must be 1 to 64 of a-z, 0-9, _ and -, beginning with a letter or a digit")
  }
}
