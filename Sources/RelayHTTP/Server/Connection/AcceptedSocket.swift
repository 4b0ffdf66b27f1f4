internal import CLinux
internal import Glibc
internal import RelayModel

/// A connection between its acceptance and its adoption by a loop. Whoever holds the value owns the
/// descriptor: it is adopted or closed, once.
struct AcceptedSocket: Sendable {
  let descriptor: Int32
  /// The peer's address as the kernel gave it; its first `addressLength` bytes count.
  var address: sockaddr_storage
  let addressLength: socklen_t

  func close() { Glibc.close(descriptor) }

  /// The peer, for people and for limits.
  var peer: Peer {
    switch Int32(address.ss_family) {
    case AF_INET:
      let raw = unsafe withUnsafeBytes(of: address) { unsafe $0.load(as: sockaddr_in.self).sin_addr }
      return Peer(address: .v4(UInt32(bigEndian: raw.s_addr)))
    case AF_INET6:
      let raw = unsafe withUnsafeBytes(of: address) { unsafe $0.load(as: sockaddr_in6.self).sin6_addr }
      return Peer(address: IPAddress(bytes: unsafe withUnsafeBytes(of: raw) { unsafe Array($0) })?.unmapped)
    default:
      return Peer(userID: UInt32(exactly: petrel_peer_user(descriptor)))
    }
  }
}

/// Who is at the other end of a connection.
struct Peer: Sendable {
  /// The address as text, or `unix`.
  let text: String
  /// What the limit for one address counts by: an IPv4 address, the upper half of an IPv6 address; nil for a
  /// unix socket.
  let limitKey: UInt64?
  let userID: UInt32?

  fileprivate init(address: IPAddress?) {
    text = address?.description ?? "unknown"
    userID = nil
    limitKey =
      switch address {
      case .v4(let number): 1 << 32 | UInt64(number)
      case .v6(let upper, _): upper
      case nil: nil
      }
  }

  fileprivate init(userID: UInt32?) {
    text = "unix"
    limitKey = nil
    self.userID = userID
  }
}
