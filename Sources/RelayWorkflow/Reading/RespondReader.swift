internal import RelayDocuments
internal import RelayExpressions

/// Reads `respond`.
struct RespondReader {
  private let reader: MappingReader
  private let known: KnownNames

  init(_ reader: MappingReader, _ known: KnownNames) {
    self.reader = reader
    self.known = known
  }

  func read() -> RespondStep {
    let status = status()
    let headers = reader.headers(known)
    let body = body()
    reader.finish()
    return RespondStep(status: status, headers: headers, body: body)
  }

  private func status() -> Template? {
    guard let node = reader.node("status") else { return nil }
    // It may be written as the number that it is.
    guard let text = node.json.int.map(String.init) ?? node.string,
      let template = reader.template(node, text, known),
      template.literal.map({ RespondStep.status($0) != nil }) ?? true
    else {
      reader.reject("status", "must be a status from 200 to 599, or {{ an expression }} that gives one")
      return nil
    }
    return template
  }

  private func body() -> RequestBody {
    let given = ["json", "text", "body"].filter { reader.nodeOrNull($0) != nil }
    guard given.count <= 1 else {
      reader.diagnostics.error(
        "\(reader.path) has more than one body: \(given.joined(separator: ", "))", at: reader.position)
      return .none
    }
    switch given.first {
    case "json": return reader.nodeOrNull("json").map { .json(reader.value($0, known)) } ?? .none
    case "text": return reader.template("text", known).map(RequestBody.text) ?? .none
    case "body": return reader.template("body", known).map(RequestBody.raw) ?? .none
    default: return .none
    }
  }
}
