package import RelayModel

/// Reads the members of one mapping into values and reports everything that is wrong with them, so that
/// a person mends a file once. Every reader returns nil after it reported; `finish()` reports the names
/// that nobody asked for.
package final class MappingReader {
  /// The name of this mapping in messages, for example `hooks.github`; empty for the whole file.
  package let path: String
  package let position: DocumentPosition
  package let diagnostics: Diagnostics
  /// In the order they were written.
  package let members: [DocumentMember]
  /// The keys that may be there; nil where the names are the user's.
  let shape: Shape?
  private var asked: [String] = []

  /// Reports a value that is no mapping, and then reads as an empty one.
  package init(_ node: DocumentNode, path: String = "", of shape: Shape? = nil, _ diagnostics: Diagnostics) {
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

  /// The names that are there, asked for or not.
  package var names: [String] { members.map(\.name) }

  /// Whether a member is there; a null one is as good as absent.
  package func has(_ name: String) -> Bool {
    members.contains { $0.name == name && !$0.value.isNull }
  }

  /// The member's node. An absent or null one is nil, and reported where it is required.
  package func node(_ name: String, required: Bool = false) -> DocumentNode? {
    if let node = nodeOrNull(name), !node.isNull { return node }
    if required { diagnostics.error("\(full(name)) is missing", at: namePosition(name)) }
    return nil
  }

  /// The member's node, null included; nil only where the member is absent.
  package func nodeOrNull(_ name: String) -> DocumentNode? {
    if !asked.contains(name) { asked.append(name) }
    return members.first { $0.name == name }?.value
  }

  package func string(_ name: String, required: Bool = false) -> String? {
    read(name, required, "a string") { $0.string }
  }

  package func bool(_ name: String, required: Bool = false) -> Bool? {
    read(name, required, "true or false") { $0.json.bool }
  }

  package func int(_ name: String, in range: ClosedRange<Int> = 0...Int.max, required: Bool = false) -> Int? {
    let wanted =
      range.upperBound == .max
      ? "a whole number of at least \(range.lowerBound)"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return read(name, required, wanted) { node in node.json.int.flatMap { range.contains($0) ? $0 : nil } }
  }

  package func double(_ name: String, in range: ClosedRange<Double>, required: Bool = false) -> Double? {
    read(name, required, "a number from \(range.lowerBound) to \(range.upperBound)") { node in
      guard case .scalar(.number(let number), _) = node.kind, range.contains(number.double) else {
        return nil
      }
      return number.double
    }
  }

  /// A duration within `range`.
  package func duration(
    _ name: String, in range: ClosedRange<Duration> = .zero ... .seconds(8_640_000_000),
    required: Bool = false
  ) -> Duration? {
    let value = read(name, required, "a duration such as 30s (ms, s, m, h, d)") { node in
      node.string.flatMap { Duration(text: $0) }
    }
    guard let value, !range.contains(value) else { return value }
    reject(name, "must lie between \(range.lowerBound.text) and \(range.upperBound.text)")
    return nil
  }

  /// A size within `range`.
  package func size(
    _ name: String, in range: ClosedRange<ByteCount> = ByteCount(0)...ByteCount(.max), required: Bool = false
  ) -> ByteCount? {
    let value = read(name, required, "a size such as 8MiB (B, KiB, MiB, GiB)") { node in
      node.string.flatMap { ByteCount(text: $0) }
    }
    guard let value, !range.contains(value) else { return value }
    reject(name, "must lie between \(range.lowerBound.text) and \(range.upperBound.text)")
    return nil
  }

  /// One of the raw values of an enumeration.
  package func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, of: Choice.Type = Choice.self, required: Bool = false
  ) -> Choice? {
    guard let node = node(name, required: required) else { return nil }
    if let value = node.string.flatMap(Choice.init(rawValue:)) { return value }
    let all = Choice.allCases.map(\.rawValue)
    let hint = node.string.flatMap { nearest(to: $0, among: all) }.map { "; did you mean \"\($0)\"?" } ?? ""
    diagnostics.error("\(full(name)) must be one of \(all.joined(separator: ", "))\(hint)", at: node.position)
    return nil
  }

  /// The elements of a list; empty where it is absent.
  package func list(_ name: String, required: Bool = false) -> [DocumentNode] {
    read(name, required, "a list") { $0.elements } ?? []
  }

  /// A list of strings; empty where it is absent.
  package func strings(_ name: String, required: Bool = false) -> [String] {
    list(name, required: required).enumerated().compactMap { index, node in
      if node.string == nil {
        diagnostics.error("\(full(name))[\(index)] must be a string, not \(node.kindName)", at: node.position)
      }
      return node.string
    }
  }

  /// A reader for a member that is a mapping itself. The caller finishes it.
  package func mapping(_ name: String, required: Bool = false) -> MappingReader? {
    node(name, required: required).map { MappingReader($0, path: full(name), diagnostics) }
  }

  /// Every member in order, with its path in messages: for mappings whose names are the user's.
  package func each(_ body: (_ member: DocumentMember, _ path: String) -> Void) {
    for member in members {
      asked.append(member.name)
      body(member, full(member.name))
    }
  }

  /// Reports `complaint` about a member, at the member's value.
  package func reject(_ name: String, _ complaint: String) {
    let place = members.first { $0.name == name }?.value.position ?? position
    diagnostics.error("\(full(name)) \(complaint)", at: place)
  }

  /// Where a member's name stands; the mapping's own place for one that is absent.
  package func namePosition(_ name: String) -> DocumentPosition {
    members.first { $0.name == name }?.position ?? position
  }

  /// Reports every member that no key of the shape names, or, without a shape, that was not asked for.
  /// `alsoKnown` are names that are allowed and unread.
  package func finish(alsoKnown: [String] = []) {
    if shape?.isOpen == true { return }
    let known = (shape?.names ?? []) + asked + alsoKnown
    for member in members where !known.contains(member.name) {
      let place = path.isEmpty ? "" : " in \(path)"
      let hint = nearest(to: member.name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
      diagnostics.error("unknown key \"\(member.name)\"\(place)\(hint)", at: member.position)
    }
  }

  /// The path of a member in messages.
  package func full(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  private func read<Value>(
    _ name: String, _ required: Bool, _ wanted: String, _ convert: (DocumentNode) -> Value?
  ) -> Value? {
    guard let node = node(name, required: required) else { return nil }
    if let value = convert(node) { return value }
    diagnostics.error("\(full(name)) must be \(wanted), not \(node.summary)", at: node.position)
    return nil
  }
}
