internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel

/// Reads the entries of a `map` step.
struct MapStepReader {
  private let step: MappingReader
  private let known: KnownNames

  init(_ step: MappingReader, _ known: KnownNames) {
    self.step = step
    self.known = known
  }

  func read() -> MapStep? {
    guard let readers = step.read(StepKeys.map) else { return nil }
    let targets = TargetTree<Target>()
    var entries: [MapEntry] = []
    for reader in readers {
      guard let entry = entry(reader) else { continue }
      let place = reader.written(MapKeys.target)?.node.position ?? reader.position
      let target = Target(entry: reader.path, place: place, path: entry.target)
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
    let fallback = reader.readOrNull(MapKeys.fallback).map { reader.value($0, known) }
    let isRequired = reader.read(MapKeys.isRequired)
    let onError = reader.read(MapKeys.onError)
    if onError == .default, fallback == nil { reader.reject(MapKeys.onError, "needs a default") }
    reader.finish()
    guard let target, let source else { return nil }
    return MapEntry(
      target: target, source: source, transforms: transforms, fallback: fallback, isRequired: isRequired,
      onError: onError)
  }

  private func target(_ reader: MappingReader) -> TargetPath? {
    guard let text = reader.read(MapKeys.target) else { return nil }
    if let path = TargetPath(text) { return path }
    reader.reject(
      MapKeys.target, "must be a path such as fields.Email, items[0].name or fields[\"Phone number\"]")
    return nil
  }

  private func source(_ reader: MappingReader) -> MapEntry.Source? {
    let value = reader.readOrNull(MapKeys.value)
    guard value == nil || !reader.has(MapKeys.source) else {
      reader.reject(MapKeys.value, "cannot stand beside from; write one of them")
      return nil
    }
    if let value { return .value(reader.value(value, known)) }
    guard reader.has(MapKeys.source) else {
      reader.diagnostics.error("\(reader.path) needs from, or value", at: reader.position)
      return nil
    }
    return reader.expression(MapKeys.source, known).map(MapEntry.Source.from)
  }

  private func transforms(_ reader: MappingReader) -> [TransformTemplate] {
    (reader.read(MapKeys.transforms) ?? []).compactMap { transform in
      TransformTemplate(transform.node, path: transform.path, reader.diagnostics) { template, node in
        for expression in template.expressions { known.check(expression, in: node, reader.diagnostics) }
      }
    }
  }
}
