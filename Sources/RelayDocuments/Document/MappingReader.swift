internal import RelayModel

/// Reads a mapping by the keys of its shape and reports everything that is wrong with it, so that a person
/// mends a file once. A key of another shape is a defect of the program.
package final class MappingReader {
  /// The name of this mapping in messages, for example `hooks.github`; empty for the whole file.
  package let path: String
  package let position: DocumentPosition
  package let diagnostics: Diagnostics
  /// In the order they were written.
  package let members: [DocumentMember]
  private let shape: Shape
  private var passedOver: [String] = []

  /// Reports a value that is no mapping, and then reads as an empty one.
  package init(_ node: DocumentNode, path: String = "", of shape: Shape, _ diagnostics: Diagnostics) {
    self.path = path
    self.shape = shape
    self.position = node.position
    self.diagnostics = diagnostics
    self.members = node.members ?? []
    if node.members == nil {
      let subject = path.isEmpty ? "the file" : path
      diagnostics.error("\(subject) must be a mapping, not \(node.kindName)", at: node.position)
    }
  }

  // MARK: Values

  /// What was written for `key`; nil where nothing was (reported where the key is required), and after a
  /// report of what is wrong with it. A null is as good as nothing.
  package func read<Content>(_ key: Key<Content>) -> Content.Value? {
    written(key).flatMap(key.form.read)
  }

  /// What was written for `setting`, else what holds where nothing is; the latter, too, after a report.
  package func read<Content>(_ setting: Setting<Content>) -> Content.Value {
    written(setting).flatMap(setting.form.read) ?? setting.standard
  }

  /// The same for a key whose form takes any value, null among them.
  package func readOrNull(_ key: Key<AnyForm>) -> WrittenValue? {
    member(key).map { WrittenValue($0.value, path: full(key), diagnostics) }
  }

  /// The value of `key` before its form has judged it; a null one is nil, and reported where the key is
  /// required.
  package func written(_ key: some NamedKey) -> WrittenValue? {
    let member = member(key)
    if let member, !member.value.isNull { return WrittenValue(member.value, path: full(key), diagnostics) }
    if key.isRequired { diagnostics.error("\(full(key)) is missing", at: member?.position ?? position) }
    return nil
  }

  // MARK: What is there

  /// The names that are there, known or not.
  package var names: [String] { members.map(\.name) }

  /// Whether a value is there; a null one is as good as absent.
  package func has(_ key: some NamedKey) -> Bool { has(key.name) }

  /// Which of `alternatives` are there.
  package func found(_ alternatives: Alternatives) -> [String] { alternatives.names.filter(has) }

  private func has(_ name: String) -> Bool { members.contains { $0.name == name && !$0.value.isNull } }

  private func member(_ key: some NamedKey) -> DocumentMember? {
    precondition(shape.names.contains(key.name), "\(path) is read by the key \(key.name) of another shape")
    return members.first { $0.name == key.name }
  }

  // MARK: Reports

  /// Reports `complaint` about the value of `key`, or about the mapping where it is not there.
  package func reject(_ key: some NamedKey, _ complaint: String) {
    diagnostics.error("\(full(key)) \(complaint)", at: member(key)?.value.position ?? position)
  }

  /// Reports members of these names: the language has them, and this version does not run them.
  package func refuse(_ names: [String]) {
    for member in members where names.contains(member.name) && !member.value.isNull {
      diagnostics.error("\(full(member.name)) is not supported by this version", at: member.position)
    }
    passOver(names)
  }

  /// Lets `finish` say nothing of members of these names.
  package func passOver(_ names: [String]) { passedOver += names }

  /// Reports every member that no key of the shape names.
  package func finish() {
    if shape.isOpen { return }
    let known = shape.names + passedOver
    for member in members where !known.contains(member.name) {
      let place = path.isEmpty ? "" : " in \(path)"
      let hint = nearest(to: member.name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
      diagnostics.error("unknown key \"\(member.name)\"\(place)\(hint)", at: member.position)
    }
  }

  /// The path of `key` in messages.
  package func full(_ key: some NamedKey) -> String { full(key.name) }

  private func full(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
