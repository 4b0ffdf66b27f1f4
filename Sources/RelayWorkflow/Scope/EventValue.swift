internal import RelayDocuments
package import RelayExpressions
package import RelayModel
internal import Synchronization

/// `event` of expressions. The body is parsed when an expression first asks for it, and once.
package final class EventValue: ValueObject {
  package let id: String
  package let type: String?
  package let hook: String
  package let request: IncomingRequest
  private let parsedBody = Mutex<Value?>(nil)

  package init(id: String, type: String?, hook: String, request: IncomingRequest) {
    self.id = id
    self.type = type
    self.hook = hook
    self.request = request
  }

  package static let memberNames = [
    "id", "type", "hook", "received_at", "method", "path", "query", "headers", "body", "raw",
  ]

  package var memberNames: [String] { Self.memberNames }

  package func member(_ name: String) -> Value? {
    switch name {
    case "id": .string(id)
    case "type": type.map(Value.string) ?? .null
    case "hook": .string(hook)
    case "received_at": .timestamp(request.receivedAt)
    case "method": .string(request.method)
    case "path": .string(String(request.path))
    case "query": Value(BodyValue.collected(PercentEncoding.pairs((request.query ?? "").utf8)))
    case "headers": Value(.object(BodyValue.fields(request.headers)))
    case "body": body
    case "raw": .bytes(request.body)
    default: nil
    }
  }

  private var body: Value {
    parsedBody.withLock { parsed in
      if let parsed { return parsed }
      let read = BodyValue.read(request.body, contentType: request.headers.first("Content-Type"))
      let value = read.map { Value($0) } ?? .null
      parsed = value
      return value
    }
  }
}
