package import RelayExpressions
package import RelayModel

/// Answers the request that started the execution, where its hook waits for that.
package struct RespondStep: Sendable {
  /// 200 where nothing is written.
  package var status: Template?
  package var headers: [HeaderTemplate]
  package var body: RequestBody

  /// The largest body.
  package static let bodyLimit = ByteCount.mebibytes(1)

  /// The answer, with every expression evaluated in `scope`.
  package func render(in scope: some Scope) throws(StepError) -> RenderedAnswer {
    let content = try body.render(in: scope)
    // A request without a place: fields are set as on one that is sent.
    var fields = RenderedRequest(method: "", url: "", hostIsLiteral: true)
    if let type = content?.type { fields.headers.append("Content-Type", type) }
    for header in headers { try header.apply(to: &fields, in: scope) }
    let body = content?.bytes ?? []
    guard body.count <= Self.bodyLimit.bytes else {
      throw StepError(.badValue, "respond: a body of \(body.count) bytes; at most \(Self.bodyLimit.text)")
    }
    return RenderedAnswer(status: try renderedStatus(in: scope), headers: fields.headers, body: body)
  }

  private func renderedStatus(in scope: some Scope) throws(StepError) -> Int {
    guard let status else { return 200 }
    let text = try evaluated { () throws(ExpressionError) in try status.text(in: scope) }
    guard let code = Self.status(text) else {
      throw StepError(.badValue, "respond.status: expected a status from 200 to 599")
    }
    return code
  }

  static func status(_ text: String) -> Int? {
    Int(text).flatMap { (200...599).contains($0) ? $0 : nil }
  }
}

/// What a hook is to answer.
package struct RenderedAnswer: Sendable, Hashable {
  package var status: Int
  package var headers: HeaderFields
  package var body: [UInt8]
}
