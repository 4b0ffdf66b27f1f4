internal import RelayDocuments
package import RelayExpressions
internal import RelayModel

extension HTTPStep {
  /// The request with every expression evaluated in `scope`, without credentials.
  package func render(in scope: some Scope) throws(StepError) -> RenderedRequest {
    let (url, hostIsLiteral) = try url.render(in: scope)
    let content = try body.render(in: scope)
    var request = RenderedRequest(
      method: try renderedMethod(in: scope), url: url.addingQuery(try renderedQuery(in: scope)),
      hostIsLiteral: hostIsLiteral, body: content?.bytes ?? [])
    if let type = content?.type { request.headers.append("Content-Type", type) }
    for header in headers { try header.apply(to: &request, in: scope) }
    return request
  }

  private func renderedMethod(in scope: some Scope) throws(StepError) -> String {
    guard let method else {
      if case .none = body { return "GET" }
      return "POST"
    }
    let text = try evaluated { () throws(ExpressionError) in try method.text(in: scope) }
    guard Self.isMethod(text) else {
      throw StepError(.badValue, "method: expected upper-case letters, such as POST")
    }
    return text
  }

  /// A method as this relay sends it.
  static func isMethod(_ text: String) -> Bool {
    (1...20).contains(text.utf8.count) && text.utf8.allSatisfy { (65...90).contains($0) }
      && text != "CONNECT" && text != "TRACE"
  }

  private func renderedQuery(in scope: some Scope) throws(StepError) -> [(name: String, value: String)] {
    try pairs(query, in: scope, "query")
  }
}

/// Names and values as a query or a form has them: a list repeats its name, null leaves it out.
func pairs(_ members: [(name: String, value: ValueTemplate)], in scope: some Scope, _ subject: String)
  throws(StepError) -> [(name: String, value: String)]
{
  var pairs: [(name: String, value: String)] = []
  for member in members {
    let value = try evaluated { () throws(ExpressionError) in try member.value.value(in: scope) }
    for element in value.array ?? [value] where element != .null {
      guard element.object == nil, element.array == nil else {
        throw StepError(.badValue, "\(subject).\(member.name): a list or a map cannot stand here")
      }
      pairs.append((member.name, element.string ?? element.text))
    }
  }
  return pairs
}

extension HeaderTemplate {
  /// Sets the field; one whose whole value is null is left out.
  func apply(to request: inout RenderedRequest, in scope: some Scope) throws(StepError) {
    let value = try evaluated { () throws(ExpressionError) in try self.value.value(in: scope) }
    guard !value.isNull else { return }
    try request.set(name, value.text, "headers")
  }
}
