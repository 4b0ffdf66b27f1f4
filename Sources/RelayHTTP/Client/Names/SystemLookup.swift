internal import CLinux
internal import Glibc
package import RelayModel

/// The machine's own resolver: hosts file, DNS and whatever else nsswitch.conf names.
package struct SystemLookup: NameLookup {
  package init() {}

  /// Calls getaddrinfo, for stream sockets of both families; at most 16 addresses are taken.
  package func addresses(of name: String) throws(LookupFailure) -> [IPAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_family = AF_UNSPEC
    unsafe hints.ai_socktype = petrel_socket_stream
    var list: UnsafeMutablePointer<addrinfo>?
    let status = unsafe getaddrinfo(name, nil, &hints, &list)
    let systemError = errno
    defer { if let list = unsafe list { unsafe freeaddrinfo(list) } }
    guard status == 0 else { throw Self.failure(status, systemError) }
    let addresses = unsafe Self.addresses(list)
    guard !addresses.isEmpty else { throw .unknown("it has no address") }
    return addresses
  }

  private static func addresses(_ list: UnsafeMutablePointer<addrinfo>?) -> [IPAddress] {
    var addresses: [IPAddress] = []
    var next = unsafe list
    while let entry = unsafe next, addresses.count < 16 {
      if let address = unsafe IPAddress(entry.pointee.ai_addr), !addresses.contains(address) {
        addresses.append(address)
      }
      unsafe next = entry.pointee.ai_next
    }
    return addresses
  }

  private static func failure(_ status: Int32, _ systemError: Int32) -> LookupFailure {
    let message =
      status == EAI_SYSTEM
      ? unsafe String(cString: strerror(systemError)) : unsafe String(cString: gai_strerror(status))
    return switch status {
    case EAI_NONAME, noData: .unknown(message)
    default: .unavailable(message)
    }
  }

  /// `EAI_NODATA` of netdb.h, which Glibc's module hides: the name exists, without an address.
  private static let noData: Int32 = -5
}
