package import RelayDocuments
package import RelayIngress
package import RelayModel

/// One ingress URL, as configured.
package struct Hook: Sendable {
  package var name: String
  /// False answers every request as one for a source that is disabled.
  package var enabled = true
  package var verification: Verification
  /// The largest body; nil takes `limits.body`.
  package var body: ByteCount?
  /// What the provider calls, where it is not `public_url` and the path.
  package var url: String?
  package var dedupe = Dedupe()
  package var rateLimit: RateLimiter.Limit?
  package var answer = Answer()
  /// How long the sender waits for a workflow's `respond` step; nil answers at once.
  package var respondTimeout: Duration?

  /// How a hook tells genuine requests.
  package struct Verification: Sendable {
    /// The members of `verify:` as written, with their places; nil for `verify: none`.
    package var document: DocumentNode?
    /// Where `verify:` stands in the file.
    package var position: DocumentPosition
    /// Each of them is accepted.
    package var secrets: [SecretReference]
    /// The token that a handshake compares.
    package var verifyTokens: [SecretReference]
    /// Takes secrets of less than 16 bytes.
    package var allowsShortSecret: Bool
  }

  /// What makes two deliveries the same.
  package struct Dedupe: Sendable, Equatable {
    /// An expression over `event`; nil takes what the provider's preset names.
    package var key: String?
    /// How long a delivery is remembered.
    package var window = Duration.seconds(72 * 3600)
  }

  /// The accepted answer, where a sender insists on one.
  package struct Answer: Sendable, Equatable {
    package var status = 202
    /// Sent in place of the event's and executions' ids.
    package var body: String?
    package var contentType: String?
  }
}
