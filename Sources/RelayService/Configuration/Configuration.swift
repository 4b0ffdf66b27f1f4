package import RelayDocuments
package import RelayEngine
package import RelayHTTP
package import RelayModel

/// What the relay was told to do: every key of the configuration with its default filled in, paths made
/// absolute, rules between keys checked. Made by `ConfigurationFile`, which is what was written.
package struct Configuration: Sendable {
  /// The file it was read from, absolute.
  package var file: String
  /// The folder of the LMDB environment, the key file and the socket.
  package var data: String
  /// Where hooks are served.
  package var listen: Listener
  package var admin: AdminInterface
  /// What providers call, without a slash at its end; nil where hooks are called by what `Host` says.
  package var publicURL: String?
  /// The proxies whose X-Forwarded-For is believed.
  package var trustedProxies: [CIDR]
  /// The folder of the workflows.
  package var workflows: String
  /// The folder of the manifests beside the built-in ones.
  package var integrations: String
  /// Names for expressions: an object.
  package var vars: JSON
  package var limits: Limits
  /// The data file never passes it.
  package var storeLimit: ByteCount
  package var retention: Retention
  package var egress: Egress
  /// How long a stop waits for what is under way.
  package var drain: Duration
  /// In the order they were written.
  package var hooks: [Hook]
  package var upstream: Upstream?
  package var traces: Traces?

  /// Whether nobody outside this machine can reach the relay: the condition of plain secrets and of an
  /// admin interface without authentication.
  package var isLoopback: Bool { listen.isLoopback && admin.listen.isLoopback }

  package var keyFile: String { "\(data)/key" }
  package var socket: String { "\(data)/petrel.sock" }

  package func hook(_ name: String) -> Hook? { hooks.first { $0.name == name } }
}

extension Configuration {
  /// The admin interface: API, dashboard, metrics.
  package struct AdminInterface: Sendable, Equatable {
    package enum Authentication: String, Sendable, CaseIterable {
      case token
      case none
    }

    package var listen: Listener
    package var authentication: Authentication
    /// Names by which the interface is called, beside `localhost` and the listen addresses.
    package var hosts: [String]
  }

  /// What bounds the hook interface, and how many executions run at once.
  package struct Limits: Sendable, Equatable {
    /// The largest body of a request, where a hook sets no limit of its own.
    package var body = ByteCount.mebibytes(8)
    /// All bodies that are held in memory.
    package var inflight = ByteCount.mebibytes(64)
    /// The request line and the header fields together.
    package var headers = ByteCount.kibibytes(16)
    package var connections = 4096
    /// From a request's first byte to its last.
    package var requestTimeout = Duration.seconds(10)
    package var executions = 256
  }

  /// How long ended executions are kept, with their events.
  package struct Retention: Sendable, Equatable {
    package var succeeded = Duration.seconds(7 * 86_400)
    package var failed = Duration.seconds(30 * 86_400)
  }

  /// What executions may call.
  package struct Egress: Sendable, Equatable {
    package struct Breaker: Sendable, Equatable {
      /// How many failures in a row leave a destination alone.
      package var failures = 20
      /// When the first probe is made; the pause doubles up to `max`.
      package var probe = Duration.seconds(1)
      package var max = Duration.seconds(60)
    }

    /// Where they may go.
    package var policy = AddressPolicy()
    /// The URL of an HTTP proxy.
    package var proxy: String?
    /// Attempts under way to one scheme, host and port.
    package var hostConcurrency = 32
    package var breaker = Breaker()
    /// How many requests a destination may get, by `host` or `host:port`.
    package var rates: [String: RateRule] = [:]
  }

  /// The collector that learns of spans.
  package struct Traces: Sendable, Equatable {
    package struct Header: Sendable, Equatable {
      package var name: String
      package var secret: SecretReference
    }

    /// Of OTLP over HTTP, whole: `https://collector.example.com:4318/v1/traces`.
    package var url: String
    /// Sent along: credentials.
    package var headers: [Header] = []
    /// Of the traces that begin here, the part that is recorded: 0 to 1.
    package var ratio = 1.0
    /// Under what name the collector shows the relay.
    package var service = "petrel"
  }

  /// The central server that learns how executions ended.
  package struct Upstream: Sendable, Equatable {
    package enum Payloads: String, Sendable, CaseIterable {
      case none, failed, all
    }

    /// Without a slash at its end.
    package var url: String
    package var token: SecretReference
    /// This relay's name there.
    package var edge: String
    package var payloads: Payloads
  }
}
