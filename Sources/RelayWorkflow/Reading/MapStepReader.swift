internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel

/// Reads the entries of a `map` step.
struct MapStepReader {
  private let step: MappingReader
  private let known: KnownNames

  static let maxEntries = 1000

  init(_ step: MappingReader, _ known: KnownNames) {
    self.step = step
    self.known = known
  }

  func read() -> MapStep? {
    guard let node = step.node("map", required: true) else { return nil }
    guard let elements = node.elements, (1...Self.maxEntries).contains(elements.count) else {
      step.reject(
        "map", "must be a list of 1 to \(Self.maxEntries) entries, such as {\"to\": …, \"from\": …}")
      return nil
    }
    let targets = TargetTree<Target>()
    var entries: [MapEntry] = []
    for (index, element) in elements.enumerated() {
      let reader = MappingReader(element, path: "\(step.full("map"))[\(index)]", step.diagnostics)
      guard element.members != nil, let entry = entry(reader) else { continue }
      let target = Target(
        entry: reader.path, place: element["to"]?.position ?? element.position, path: entry.target)
      if let other = targets.set(target, at: entry.target) { refuse(target, other) }
      entries.append(entry)
    }
    if let (target, missing) = targets.gap {
      step.diagnostics.error(
        "\(target.entry).to \"\(target.path.text)\" leaves element \(missing) of its list without a value",
        at: target.place)
    }
    return MapStep(entries: entries)
  }

  /// Who sets a place, for messages.
  private struct Target {
    let entry: String
    let place: DocumentPosition
    let path: TargetPath
  }

  private func refuse(_ target: Target, _ other: Target) {
    let (mine, theirs) = (target.path, other.path)
    let complaint =
      mine == theirs
      ? "is set by \(other.entry) already"
      : "cannot be set together with \"\(theirs.text)\" of \(other.entry)"
    step.diagnostics.error("\(target.entry).to \"\(mine.text)\" \(complaint)", at: target.place)
  }

  private func entry(_ reader: MappingReader) -> MapEntry? {
    let target = target(reader)
    let source = source(reader)
    let transforms = transforms(reader)
    let fallback = reader.nodeOrNull("default").map { reader.value($0, known) }
    let isRequired = reader.bool("required") ?? false
    let onError = reader.choice("onError", of: MapEntry.ErrorPolicy.self) ?? .fail
    if onError == .default, fallback == nil { reader.reject("onError", "needs a default") }
    reader.finish()
    guard let target, let source else { return nil }
    return MapEntry(
      target: target, source: source, transforms: transforms, fallback: fallback, isRequired: isRequired,
      onError: onError)
  }

  private func target(_ reader: MappingReader) -> TargetPath? {
    guard let text = reader.string("to", required: true) else { return nil }
    if let path = TargetPath(text) { return path }
    reader.reject("to", "must be a path such as fields.Email, items[0].name or fields[\"Phone number\"]")
    return nil
  }

  private func source(_ reader: MappingReader) -> MapEntry.Source? {
    let value = reader.nodeOrNull("value")
    _ = reader.nodeOrNull("from")
    guard value == nil || !reader.has("from") else {
      reader.reject("value", "cannot stand beside from; write one of them")
      return nil
    }
    if let value { return .value(reader.value(value, known)) }
    guard reader.has("from") else {
      reader.diagnostics.error("\(reader.path) needs from, or value", at: reader.position)
      return nil
    }
    return reader.expression("from", known).map(MapEntry.Source.from)
  }

  private func transforms(_ reader: MappingReader) -> [TransformTemplate] {
    reader.list("transforms").enumerated().compactMap { index, node in
      TransformTemplate(node, path: "\(reader.full("transforms"))[\(index)]", reader.diagnostics) {
        template, node in
        for expression in template.expressions { known.check(expression, in: node, reader.diagnostics) }
      }
    }
  }
}
