/// Reading by the keys of the mapping's shape. A key of another shape is a defect of the program.
extension MappingReader {
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
    nodeOrNull(checked(key)).map { WrittenValue($0, path: full(key), diagnostics) }
  }

  /// The value of `key` before its form has judged it; a null one is nil.
  package func written(_ key: some NamedKey) -> WrittenValue? {
    node(checked(key), required: key.isRequired).map { WrittenValue($0, path: full(key), diagnostics) }
  }

  /// Whether a value is there; a null one is as good as absent.
  package func has(_ key: some NamedKey) -> Bool { has(checked(key)) }

  /// Which of `alternatives` are there.
  package func found(_ alternatives: Alternatives) -> [String] { alternatives.names.filter { has($0) } }

  /// Reports `complaint` about the value of `key`, or about the mapping where it is not there.
  package func reject(_ key: some NamedKey, _ complaint: String) { reject(key.name, complaint) }

  /// The path of `key` in messages.
  package func full(_ key: some NamedKey) -> String { full(key.name) }

  /// Reports members of these names: the language has them, and this version does not run them.
  package func refuse(_ names: [String]) {
    for name in names where has(name) {
      diagnostics.error("\(full(name)) is not supported by this version", at: namePosition(name))
    }
    passOver(names)
  }

  /// Lets `finish` say nothing of members of these names.
  package func passOver(_ names: [String]) { for name in names { _ = nodeOrNull(name) } }

  private func checked(_ key: some NamedKey) -> String {
    precondition(shape?.names.contains(key.name) ?? true, "\(path) is read by a key that is not in its shape")
    return key.name
  }
}
