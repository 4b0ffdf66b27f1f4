package import RelayModel

/// A place in a file: line and column from 1; a column is a Unicode scalar.
package struct DocumentPosition: Hashable, Sendable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static let start = DocumentPosition(line: 1, column: 1)
}

/// A value of a YAML or JSON file that knows where it stands, so that whoever finds it wrong can say
/// where.
package struct DocumentNode: Sendable {
  package enum Kind: Sendable {
    /// A null, bool, number or string, with its text as written (without quotes).
    case scalar(JSON, text: String)
    case sequence([DocumentNode])
    /// Names are unique; in the order written.
    case mapping([DocumentMember])
  }

  package var kind: Kind
  package var position: DocumentPosition

  package init(_ kind: Kind, at position: DocumentPosition) {
    self.kind = kind
    self.position = position
  }

  /// The same value without positions.
  package var json: JSON {
    switch kind {
    case .scalar(let value, _): value
    case .sequence(let elements): .array(elements.map(\.json))
    case .mapping(let members): .object(JSONObject(members.map { ($0.name, $0.value.json) }))
    }
  }

  /// The member of a mapping; nil for other values and for a missing member.
  package subscript(name: String) -> DocumentNode? { members?.first { $0.name == name }?.value }

  package var members: [DocumentMember]? { if case .mapping(let members) = kind { members } else { nil } }
  package var elements: [DocumentNode]? {
    if case .sequence(let elements) = kind { elements } else { nil }
  }
  package var string: String? { if case .scalar(.string(let text), _) = kind { text } else { nil } }

  /// Whether this is null, as an empty YAML value is.
  package var isNull: Bool { if case .scalar(.null, _) = kind { true } else { false } }

  /// What this is, for messages: `a string`, `a list`, …
  package var kindName: String {
    switch kind {
    case .scalar(.null, _): "null"
    case .scalar(.bool, _): "a bool"
    case .scalar(.number, _): "a number"
    case .scalar: "a string"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  /// The mapping with the value at `path` replaced or added, mappings on the way made where missing:
  /// how a setting from outside the file overrides it. A value on the way that is no mapping is replaced.
  package func setting(_ path: ArraySlice<String>, to value: DocumentNode) -> DocumentNode {
    guard let name = path.first else { return value }
    var members = members ?? []
    let rest = path.dropFirst()
    if let index = members.firstIndex(where: { $0.name == name }) {
      members[index].value = members[index].value.setting(rest, to: value)
    } else {
      let empty = DocumentNode(.mapping([]), at: value.position)
      members.append(
        DocumentMember(name: name, position: value.position, value: empty.setting(rest, to: value)))
    }
    return DocumentNode(.mapping(members), at: position)
  }
}

/// A member of a mapping: the name's place is its own, the value has another.
package struct DocumentMember: Sendable {
  package var name: String
  package var position: DocumentPosition
  package var value: DocumentNode

  package init(name: String, position: DocumentPosition, value: DocumentNode) {
    self.name = name
    self.position = position
    self.value = value
  }
}

/// What a document may cost; beyond it, it is refused.
package struct DocumentLimits: Sendable {
  package var size = ByteCount.mebibytes(4)
  package var depth = 64
  /// Counted with every alias written out, so that a small file cannot stand for a huge tree.
  package var nodes = 200_000

  package init() {}
}
