/// What is answered to a provider that checks whether the hook is really there. The request is a
/// challenge and nothing else: it is no event, and leaves no mark.
package struct HandshakeAnswer: Sendable, Hashable {
  package var status: Int
  /// To be sent as they stand; values hold no control characters.
  package var headers: [HeaderField]
  package var body: [UInt8]
  /// The secret that the provider handed over, to be put into the vault as the hook's before this answer
  /// is sent: later requests are signed with it. Nil where there is none, and where the hook has a
  /// secret already, since anybody may send a challenge and nobody may replace a secret by one.
  package var capturedSecret: [UInt8]?
  /// The URL that has to be fetched (GET) to confirm the subscription: https, and at the provider's own
  /// host.
  package var confirmation: String?
  /// What the operator should know of it, for the log: why a secret was not taken over, or a
  /// subscription not confirmed. Holds no secret.
  package var note: String?

  init(status: Int, headers: [HeaderField] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// An answer that the provider insists on in place of the relay's own.
package struct FixedAnswer: Sendable, Hashable {
  package var status: Int
  package var headers: [HeaderField]
  /// Nil: the relay's own body stays.
  package var body: [UInt8]?

  package init(status: Int, headers: [HeaderField], body: [UInt8]?) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// One header field of an answer.
package struct HeaderField: Sendable, Hashable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
