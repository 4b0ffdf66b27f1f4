package import RelayModel

/// Where a server listens.
package enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
  /// A name or an address, and a port; port 0 lets the kernel choose one.
  case tcp(host: String, port: UInt16)
  /// A socket in the file system, made with mode 0600. The peer's user is known for each request.
  case unix(path: String)

  /// `127.0.0.1:8080`, `[::1]:8080` or `unix:PATH`.
  package var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}

/// What a server shows to its clients under TLS.
package struct TLSIdentity: Sendable {
  /// The certificate and its chain, in PEM.
  package var certificatePEM: String
  /// The private key, in PEM and not encrypted.
  package var keyPEM: String

  package init(certificatePEM: String, keyPEM: String) {
    self.certificatePEM = certificatePEM
    self.keyPEM = keyPEM
  }
}

/// The bounds within which a server receives. Each of them ends a request or a connection; none of them
/// can be reached by a client that costs others their service.
package struct ServerLimits: Sendable {
  /// Request line and header fields together; beyond it 431.
  package var headers = ByteCount.kibibytes(16)
  /// The request target; beyond it 414.
  package var target = ByteCount.kibibytes(8)
  /// All bodies that were received and not answered yet; beyond it 503.
  package var inflight = ByteCount.mebibytes(64)
  /// Open connections, shared out evenly among the loops. One more closes the one that has been idle
  /// longest, or is closed itself where none is idle.
  package var connections = 4096
  /// Open connections of one address (of one /64 for IPv6), by the same rule. Nil: three quarters of
  /// `connections`, so that one host cannot take them all and a proxy in front has enough.
  package var perAddressConnections: Int?
  /// From a request's first byte to its last; then 408 and close.
  package var requestTimeout = Duration.seconds(10)
  /// From a request's first byte to the end of its header fields, where that is shorter.
  package var headTimeout = Duration.seconds(8)
  /// How long a connection may stay without a request.
  package var idleTimeout = Duration.seconds(60)
  /// A body that comes more slowly, measured from its start once `slowestBodyGrace` has passed, ends as
  /// one that took too long. It matters where `requestTimeout` is long.
  package var slowestBodyPerSecond = ByteCount.kibibytes(1)
  package var slowestBodyGrace = Duration.seconds(5)

  package init() {}
}

/// All that a server needs to know before it starts.
package struct ServerConfiguration: Sendable {
  package var listen: ListenAddress
  /// What listens there already; nil where the server is to bind the address itself.
  package var inherited: InheritedSocket?
  /// Without it the server speaks plain HTTP. Not for a unix socket.
  package var tls: TLSIdentity?
  /// How many threads receive and answer; each owns its connections.
  package var loops: Int
  package var limits: ServerLimits
  /// What the threads are called, at most 12 bytes.
  package var name: String

  package init(
    listen: ListenAddress, tls: TLSIdentity? = nil, loops: Int = 1, limits: ServerLimits = ServerLimits(),
    name: String = "http"
  ) {
    precondition(loops >= 1, "a server needs a loop")
    self.listen = listen
    self.tls = tls
    self.loops = loops
    self.limits = limits
    self.name = name
  }
}
