package import RelayModel

/// Why a name gave no address.
package enum LookupFailure: Error, Hashable, Sendable {
  /// The name does not exist, or has no address.
  case unknown(String)
  /// No server answered.
  case unavailable(String)

  var message: String {
    switch self {
    case .unknown(let message), .unavailable(let message): message
    }
  }
}

/// How a name becomes addresses. May block: it runs on the resolver's own threads.
package protocol NameLookup: Sendable {
  /// The addresses in the order in which they should be tried; never empty.
  func addresses(of name: String) throws(LookupFailure) -> [IPAddress]
}
