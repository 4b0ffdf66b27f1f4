internal import RelayDocuments

/// Comma-separated values (RFC 4180).
enum CSV {
  @Sendable static func parse(_ input: TransformInput) throws(TransformError) -> JSON? {
    let records = try records(of: try input.text(), separator: input.text(1))
    guard input.bool(0) else { return .array(records.map { .array($0.map { .string($0) }) }) }
    guard let names = records.first else { return [] }
    guard Set(names).count == names.count else { throw TransformError("two columns have the same name") }
    var rows: [JSON] = []
    for (index, record) in records.dropFirst().enumerated() {
      guard record.count <= names.count else {
        throw TransformError("record \(index + 2) has more fields than there are names")
      }
      let members = zip(names, record).map { (name: $0, value: JSON.string($1)) }
      rows.append(.object(JSONObject(members)))
    }
    return .array(rows)
  }

  /// Records end with a line's end of any kind; one in quotes is text. An empty last line is none.
  private static func records(of text: String, separator: String) throws(TransformError) -> [[String]] {
    let separator = separator.first ?? ","
    var (records, record, field): ([[String]], [String], String) = ([], [], "")
    var isQuoted = false
    var characters = text.makeIterator()
    var next = characters.next()
    while let character = next {
      next = characters.next()
      if isQuoted {
        if character == "\"", next == "\"" {
          field.append("\"")
          next = characters.next()
        } else if character == "\"" {
          isQuoted = false
        } else {
          field.append(character)
        }
      } else if character == "\"", field.isEmpty {
        isQuoted = true
      } else if character == separator {
        record.append(field)
        field = ""
      } else if character.isNewline {
        records.append(record + [field])
        (record, field) = ([], "")
      } else {
        field.append(character)
      }
    }
    guard !isQuoted else { throw TransformError("a quote is not closed") }
    return record.isEmpty && field.isEmpty ? records : records + [record + [field]]
  }

  @Sendable static func write(_ input: TransformInput) throws(TransformError) -> JSON? {
    let rows = try input.list()
    let separator = input.text(0)
    var text = BoundedText()
    let names = rows.first?.object.map { $0.members.map(\.name) }
    if let names { try append(names.map { .string($0) }, separator, to: &text) }
    for (index, row) in rows.enumerated() {
      if let names, let object = row.object {
        guard object.members.allSatisfy({ names.contains($0.name) }) else {
          throw TransformError("element \(index) has a member that the first one has not")
        }
        try append(names.map { object[$0] ?? .null }, separator, to: &text)
      } else if names == nil, let list = row.array {
        try append(list, separator, to: &text)
      } else {
        throw TransformError("wants all objects or all lists; element \(index) is \(row.kindName)")
      }
    }
    return .string(text.text)
  }

  private static func append(
    _ fields: [JSON], _ separator: String, to text: inout BoundedText
  ) throws(TransformError) {
    for (index, field) in fields.enumerated() {
      if index > 0 { try text.append(separator) }
      try text.append(quoted(field == .null ? "" : field.scalarText ?? field.text, separator))
    }
    try text.append("\r\n")
  }

  private static func quoted(_ field: String, _ separator: String) -> String {
    guard field.contains(where: { $0 == "\"" || $0.isNewline || String($0) == separator }) else {
      return field
    }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
