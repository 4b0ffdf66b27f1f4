package import RelayDocuments
package import RelayExpressions

/// A call of an HTTP interface.
package struct HTTPStep: Sendable {
  /// GET without a body, POST with one, where the document names none.
  package var method: Template?
  package var url: URLTemplate
  /// Added to the URL's own query: a list repeats the name, null leaves it out.
  package var query: [(name: String, value: ValueTemplate)]
  package var headers: [HeaderTemplate]
  package var body: RequestBody
  package var auth: RequestAuth?
  /// Whether an answer is a success; sees `response`. Without it a 2xx is one.
  package var expect: Expression?
  /// Whether redirects are followed.
  package var follow: Bool
}

extension HTTPStep {
  /// Whether the answer, in the form that `steps.ID` will have, is what the step wanted.
  package func accepts(status: Int, output: JSON, in scope: WorkflowScope) throws(StepError) -> Bool {
    guard let expect else { return (200...299).contains(status) }
    var scope = scope
    scope.response = output
    let complete = scope
    return try evaluated { () throws(ExpressionError) in try expect.isTrue(in: complete) }
  }
}

/// A header field whose value may hold expressions.
package struct HeaderTemplate: Sendable {
  package var name: String
  package var value: Template
}

/// What an `http` step sends.
package enum RequestBody: Sendable {
  case none
  case json(ValueTemplate)
  case form([(name: String, value: ValueTemplate)])
  case multipart([MultipartField])
  case text(Template)
  /// Bytes as they are; text in UTF-8; a list or a map as JSON.
  case raw(Template)
}

/// A part of a `multipart` body.
package struct MultipartField: Sendable {
  package var name: String
  package var content: Template
  package var filename: Template?
  package var type: Template?
}
