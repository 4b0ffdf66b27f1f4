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
    let headers = reader.headers(RespondKeys.headers, known)
    let body = body()
    reader.finish()
    return RespondStep(status: status, headers: headers, body: body)
  }

  private func status() -> Template? {
    guard let template = reader.template(RespondKeys.status, known) else { return nil }
    if let literal = template.literal, RespondStep.status(literal) == nil {
      reader.reject(RespondKeys.status, RespondKeys.status.form.complaint)
      return nil
    }
    return template
  }

  private func body() -> RequestBody {
    guard reader.hasOneBody(of: RespondKeys.bodies) else { return .none }
    // `json: null` is a body: the text `null`.
    if let value = reader.readOrNull(RespondKeys.json) { return .json(reader.value(value, known)) }
    if let text = reader.template(RespondKeys.text, known) { return .text(text) }
    return reader.template(RespondKeys.raw, known).map(RequestBody.raw) ?? .none
  }
}
