package import RelayModel

/// What a workflow answers the request with that started it. Not stored as such: the step's output tells it.
package struct HookAnswer: Sendable, Hashable {
  package var status: Int
  package var headers: HeaderFields
  package var body: [UInt8]

  package init(status: Int, headers: HeaderFields, body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
