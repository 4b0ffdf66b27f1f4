/// What may be written as a value. The reader and the JSON Schema both ask it, so that neither takes what
/// the other refuses.
package protocol Form<Value>: Sendable {
  associatedtype Value

  /// The value that was written; nil after a report of what is wrong with it.
  func read(_ written: WrittenValue) -> Value?
  /// What a JSON Schema says of it. What it names once for all places goes to `definitions`.
  func schema(_ definitions: inout SchemaDefinitions) -> JSONObject
}

/// A form whose values can stand for a key that is not written.
package protocol DefaultForm: Form {
  /// `value` as a person would write it.
  func written(_ value: Value) -> JSON
}

/// A value of a file, what messages call it, and where to report what is wrong with it.
package struct WrittenValue {
  package let node: DocumentNode
  /// For example `hooks.github.body`.
  package let path: String
  package let diagnostics: Diagnostics

  package init(_ node: DocumentNode, path: String, _ diagnostics: Diagnostics) {
    self.node = node
    self.path = path
    self.diagnostics = diagnostics
  }

  /// The value of a kind that `convert` knows; nil after the report that `wanted` was wanted.
  package func read<Value>(as wanted: String, _ convert: (DocumentNode) -> Value?) -> Value? {
    if let value = convert(node) { return value }
    reject("must be \(wanted), not \(node.summary)")
    return nil
  }

  /// Reports `complaint` about the value.
  package func reject(_ complaint: String) { diagnostics.error("\(path) \(complaint)", at: node.position) }
}

extension DocumentNode {
  /// What stands here, for messages: a number or a bool as written, else only its kind, because a string
  /// may be a secret.
  package var summary: String {
    switch kind {
    case .scalar(.number, let text), .scalar(.bool, let text): text
    default: kindName
    }
  }
}
