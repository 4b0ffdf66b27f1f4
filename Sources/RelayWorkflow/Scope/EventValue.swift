internal import RelayDocuments
package import RelayExpressions
package import RelayModel
internal import Synchronization

/// `event` of expressions. What has to be parsed is parsed when an expression first asks for it, and once.
package final class EventValue: ValueObject {
  package let type: String?
  package let hook: String
  package let request: IncomingRequest
  /// Few expressions ask for it.
  private let id: @Sendable () -> String
  private let parsed = Mutex(Parsed())

  private struct Parsed {
    var query: Value?
    var headers: Value?
    var body: Value?
  }

  package init(
    id: @autoclosure @escaping @Sendable () -> String, type: String?, hook: String, request: IncomingRequest
  ) {
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
    case "id": .string(id())
    case "type": type.map(Value.string) ?? .null
    case "hook": .string(hook)
    case "received_at": .timestamp(Instant(request.receivedAt))
    case "method": .string(request.method)
    case "path": .string(String(request.path))
    case "query":
      once(\.query) {
        Value(BodyValue.collected(PercentEncoding.fields((request.query ?? "").utf8).map(\.text)))
      }
    case "headers": once(\.headers) { Value(.object(BodyValue.fields(request.headers))) }
    case "body":
      once(\.body) {
        BodyValue.read(request.body, contentType: request.headers.first("Content-Type")).map { Value($0) }
          ?? .null
      }
    case "raw": .bytes(request.body)
    default: nil
    }
  }

  private func once(_ place: WritableKeyPath<Parsed, Value?>, _ make: () -> Value) -> Value {
    parsed.withLock { parsed in
      if let value = parsed[keyPath: place] { return value }
      let value = make()
      parsed[keyPath: place] = value
      return value
    }
  }
}
