package import RelayModel

/// What the HTTP client needs to know, and every bound that it keeps.
package struct ClientConfiguration: Sendable {
  /// Where requests may go: `egress.allow` and `egress.deny`.
  package var policy: AddressPolicy
  /// `egress.proxy`, or nil for none. The environment's proxy variables are never read.
  package var proxy: EgressProxy?
  /// Transfers that are under way at once; one more fails as `.overloaded`.
  package var mostTransfers = 4096
  /// Connections that are kept open between requests; at least as many as transfers run at once.
  package var keptConnections = 512
  /// A kept connection that was idle for longer is closed, not used.
  package var longestIdle: Duration = .seconds(30)
  /// For one TCP and TLS handshake, within the request's own timeout.
  package var connectTimeout: Duration = .seconds(10)
  /// The header lines of all answers to one request together, 1xx answers and trailers included.
  package var maxAnswerHeaders: ByteCount = .kibibytes(64)
  /// Names are looked up on this many threads, started when they are needed.
  package var resolverThreads = 4
  /// Names that wait for such a thread; one more fails as `.overloaded`.
  package var resolverQueue = 1024
  /// How names are looked up; replaced in tests.
  package var lookup: any NameLookup
  /// A PEM file with the certificate authorities to believe instead of the system's.
  package var certificateAuthorities: String?
  /// Sent where a request has no `User-Agent` of its own.
  package var userAgent = "petrel"

  package init(policy: AddressPolicy = AddressPolicy(), proxy: EgressProxy? = nil) {
    self.policy = policy
    self.proxy = proxy
    self.lookup = SystemLookup()
  }
}
