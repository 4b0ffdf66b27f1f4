internal import RelayModel

extension DocumentNode {
  /// Reads a file by its name: `.json` as JSON, anything else as YAML.
  package static func parse(
    _ bytes: [UInt8], file: String, limits: DocumentLimits = DocumentLimits()
  ) throws(Diagnostic) -> DocumentNode {
    file.hasSuffix(".json")
      ? try parse(json: bytes, file: file, limits: limits)
      : try parse(yaml: bytes, file: file, limits: limits)
  }

  /// Reads a strict RFC 8259 document with positions; a member that appears twice is an error.
  package static func parse(
    json bytes: [UInt8], file: String, limits: DocumentLimits = DocumentLimits()
  ) throws(Diagnostic) -> DocumentNode {
    guard bytes.count <= limits.size.bytes else { throw .tooLarge(file, limits) }
    var parser = JSONParser(PositionedBuilder(), maxDepth: limits.depth, duplicates: .refuse)
    do {
      return try parser.document(bytes.span)
    } catch {
      throw Diagnostic(file: file, line: error.line, column: error.column, message: error.message)
    }
  }
}

extension Diagnostic {
  static func tooLarge(_ file: String, _ limits: DocumentLimits) -> Diagnostic {
    Diagnostic(file: file, line: 1, column: 1, message: "larger than \(limits.size.text)")
  }
}

/// Builds values that know their place. Marks come with rising offsets, so each byte is counted once.
private struct PositionedBuilder: JSONBuilder {
  private var offset = 0
  private var position = DocumentPosition.start

  mutating func mark(_ target: Int, in bytes: Span<UInt8>) -> DocumentPosition {
    for index in offset..<target {
      if bytes[index] == UInt8(ascii: "\n") {
        position.line += 1
        position.column = 1
      } else if bytes[index] & 0xC0 != 0x80 {
        position.column += 1
      }
    }
    offset = target
    return position
  }

  func scalar(_ value: JSON, at mark: DocumentPosition) -> DocumentNode {
    let text =
      switch value {
      case .string(let text): text
      case .number(let number): number.text
      case .bool, .null, .array, .object: value.text
      }
    return DocumentNode(.scalar(value, text: text), at: mark)
  }

  func array(_ elements: [DocumentNode], at mark: DocumentPosition) -> DocumentNode {
    DocumentNode(.sequence(elements), at: mark)
  }

  func object(_ members: [DocumentMember], at mark: DocumentPosition) -> DocumentNode {
    DocumentNode(.mapping(members), at: mark)
  }

  func member(_ name: String, at mark: DocumentPosition, _ value: DocumentNode) -> DocumentMember {
    DocumentMember(name: name, position: mark, value: value)
  }

  func name(of member: DocumentMember) -> String { member.name }
}
