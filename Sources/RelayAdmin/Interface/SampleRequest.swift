package import RelayModel

/// A body that somebody wants to send to a hook as its provider would.
package struct SampleRequest: Sendable {
  package var hook: String
  package var headers: HeaderFields
  package var body: [UInt8]

  package init(hook: String, headers: HeaderFields, body: [UInt8]) {
    self.hook = hook
    self.headers = headers
    self.body = body
  }
}

/// Where such a request goes, and the headers that make it a validly signed one.
package struct SignedSample: Sendable {
  package var url: String
  package var headers: [(name: String, value: String)]

  package init(url: String, headers: [(name: String, value: String)]) {
    self.url = url
    self.headers = headers
  }
}
