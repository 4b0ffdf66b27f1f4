internal import RelayDocuments
internal import RelayHTTP
internal import RelayModel

/// One thing that the interface does: the line of the table by which requests are dispatched, and from which
/// the OpenAPI document is written.
struct Route: Sendable {
  enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
  }

  /// A parameter of the query.
  struct Parameter: Sendable {
    let name: String
    let schema: Schema
    let summary: String
  }

  /// How a request is done. Called on a worker's thread.
  typealias Action = @Sendable (AdminCall) throws(AdminProblem) -> AdminAnswer

  let method: Method
  let path: PathTemplate
  /// Nil where everybody may ask.
  let role: Role?
  let tag: String
  /// A camel-case name for generated clients.
  let operation: String
  let summary: String
  var parameters: [Parameter] = []
  /// The JSON body; nil where none is taken.
  var body: Schema?
  /// The largest body.
  var bodyLimit = ByteCount.mebibytes(1)
  /// Takes long, and so waits with its like.
  let isLong: Bool
  /// What it answers with when all is well.
  var answer: AnswerKind
  let action: Action

  enum AnswerKind: Sendable {
    case json(Int, Schema)
    case text(String)
    case bytes
    case nothing
  }

  init(
    _ method: Method, _ path: String, role: Role?, _ tag: String, _ operation: String, _ summary: String,
    parameters: [Parameter] = [], body: Schema? = nil, bodyLimit: ByteCount = .mebibytes(1),
    isLong: Bool = false, answer: AnswerKind, action: @escaping Action
  ) {
    self.method = method
    self.path = PathTemplate(path)
    self.role = role
    self.tag = tag
    self.operation = operation
    self.summary = summary
    self.parameters = parameters
    self.body = body
    self.bodyLimit = bodyLimit
    self.isLong = isLong
    self.answer = answer
    self.action = action
  }
}

/// What a route answers with.
enum AdminAnswer: Sendable {
  case json(JSON, status: Int = 200)
  case text(String, contentType: String)
  /// Bytes that came from outside: never shown as a page.
  case bytes([UInt8])
  case nothing

  var response: HTTPResponse {
    switch self {
    case .json(let value, let status):
      HTTPResponse(
        status: status, contentType: "application/json", fields: [.noStore], body: value.serialized())
    case .text(let text, let type):
      HTTPResponse(status: 200, contentType: type, fields: [.noStore], body: Array(text.utf8))
    case .bytes(let bytes):
      HTTPResponse(
        status: 200, contentType: "application/octet-stream",
        fields: [
          .noStore, HTTPResponse.Field("Content-Disposition", "attachment"),
          HTTPResponse.Field("X-Content-Type-Options", "nosniff"),
        ], body: bytes)
    case .nothing: HTTPResponse(status: 204, fields: [.noStore])
    }
  }
}
