package import RelayModel

/// Where a request goes: scheme, host and port. Breakers, limits and kept connections are per destination.
package struct Destination: Hashable, Sendable {
  /// How the server is spoken to.
  package enum Scheme: String, Sendable {
    case http
    case https

    /// The port that a URL of this scheme means when it names none.
    package var defaultPort: UInt16 { self == .http ? 80 : 443 }
  }

  /// What the URL names: an address, or something that has addresses.
  package enum Host: Hashable, Sendable {
    case address(IPAddress)
    /// A DNS name in lower case, without the trailing dot.
    case name(String)
  }

  package let scheme: Scheme
  package let host: Host
  package let port: UInt16

  package init(scheme: Scheme, host: Host, port: UInt16) {
    self.scheme = scheme
    self.host = host
    self.port = port
  }
}

extension Destination.Host: CustomStringConvertible {
  /// As it stands in a URL: an IPv6 address in brackets.
  package var description: String {
    switch self {
    case .address(.v6(let high, let low)): "[\(IPAddress.v6(high, low))]"
    case .address(let address): "\(address)"
    case .name(let name): name
    }
  }
}

extension Destination: CustomStringConvertible {
  /// `scheme://host`, with the port where it is not the scheme's own. Holds no path, query or secret.
  package var description: String {
    port == scheme.defaultPort ? "\(scheme.rawValue)://\(host)" : "\(scheme.rawValue)://\(host):\(port)"
  }
}
