internal import RelayModel

/// Where one interface listens.
package struct Listener: Sendable, Equatable {
  /// Files in PEM form, absolute.
  package struct TLS: Sendable, Equatable {
    package var certificate: String
    package var key: String
  }

  /// A numeric address; `localhost` is written as `127.0.0.1`.
  package var host: String
  /// 0 lets the kernel choose one.
  package var port: UInt16
  package var tls: TLS?

  package init(host: String, port: UInt16, tls: TLS? = nil) {
    self.host = host
    self.port = port
    self.tls = tls
  }

  /// Reads `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`; nil for anything else.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      return nil
    }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      guard host.contains(":") else { return nil }
    } else if host.contains(":") {
      return nil
    }
    let numeric = host == "localhost" ? "127.0.0.1" : String(host)
    guard IPAddress(numeric) != nil else { return nil }
    self.init(host: numeric, port: port)
  }

  /// `host:port`, an IPv6 host in brackets.
  package var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// The same for whoever calls: a listener on all addresses is called by loopback.
  package var reachableAddress: String {
    switch host {
    case "0.0.0.0": "127.0.0.1:\(port)"
    case "::": "[::1]:\(port)"
    default: address
    }
  }

  package var isLoopback: Bool {
    guard let address = IPAddress(host) else { return false }
    return address == .v6(0, 1) || CIDR(.v4(127 << 24), prefixLength: 8).contains(address)
  }
}
