package import RelayModel

/// One entry of `egress.allow` or `egress.deny`: a host, every host under a name, or a block of addresses.
package enum EgressRule: Hashable, Sendable {
  case host(String)
  /// `*.example.com`: the names under it, not itself.
  case under(String)
  case network(CIDR)

  /// Reads `example.com`, `*.example.com`, `10.1.2.3` or `10.0.0.0/8`. Nil for anything else.
  package init?(_ text: String) {
    if let network = CIDR(text) {
      self = .network(network)
    } else if text.hasPrefix("*.") {
      guard let name = Self.name(text.dropFirst(2)) else { return nil }
      self = .under(name)
    } else {
      guard let name = Self.name(text[...]) else { return nil }
      self = .host(name)
    }
  }

  private static func name(_ text: Substring) -> String? {
    do throws(TransferError) {
      guard case .name(let name) = try HostText.read(Array(text.utf8)[...]) else { return nil }
      return name
    } catch {
      return nil
    }
  }

  func names(_ host: Destination.Host) -> Bool {
    guard case .name(let name) = host else { return false }
    return switch self {
    case .host(let named): name == named
    case .under(let parent): name.hasSuffix(parent) && name.dropLast(parent.count).hasSuffix(".")
    case .network: false
    }
  }

  func contains(_ address: IPAddress) -> Bool {
    guard case .network(let network) = self else { return false }
    return network.contains(address)
  }
}
