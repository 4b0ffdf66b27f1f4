internal import Glibc
internal import RelayModel

extension IPAddress {
  /// The address in a `sockaddr` of either internet family; nil for every other family. The memory
  /// behind `address` must be as long as its family demands.
  @unsafe init?(_ address: UnsafePointer<sockaddr>?) {
    guard let address = unsafe address else { return nil }
    let raw = unsafe UnsafeRawPointer(address)
    switch unsafe Int32(address.pointee.sa_family) {
    case AF_INET:
      let number = unsafe raw.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
      self = .v4(UInt32(bigEndian: number))
    case AF_INET6:
      guard let offset = MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr) else { return nil }
      let high = unsafe raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let low = unsafe raw.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
      self = .v6(UInt64(bigEndian: high), UInt64(bigEndian: low))
    default: return nil
    }
  }
}
