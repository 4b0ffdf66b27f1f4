internal import RelayModel

/// The names by which the admin interface may be called. A page on the web can point its own name at
/// 127.0.0.1; with that name in `Host` it gets no answer.
package struct HostList: Sendable, Equatable {
  private let names: Set<String>
  private let anyAddress: Bool

  /// - Parameters:
  ///   - listen: the addresses it listens on, without ports.
  ///   - extra: `admin.hosts`.
  package init(listen: [String], extra: [String] = []) {
    let own = listen.map { $0.lowercased() }
    names = Set(own + extra.map { Self.name($0.lowercased()) } + ["localhost"])
    // Who listens everywhere is called by any of the machine's addresses, and an address cannot be pointed
    // elsewhere as a name can.
    anyAddress = own.contains("0.0.0.0") || own.contains("::")
  }

  /// Whether `host`, as a `Host` field or the authority of an origin, is one of them; ports do not matter.
  package func contains(_ host: String) -> Bool {
    let name = Self.name(host.lowercased())
    if names.contains(name) { return true }
    guard let address = IPAddress(name) else { return false }
    return anyAddress || address.isLoopback
  }

  /// Without port and brackets.
  private static func name(_ host: String) -> String {
    if host.hasPrefix("[") { return String(host.dropFirst().prefix { $0 != "]" }) }
    guard let colon = host.firstIndex(of: ":"), host.lastIndex(of: ":") == colon else { return host }
    return String(host[..<colon])
  }
}
