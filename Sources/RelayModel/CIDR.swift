/// A block of internet addresses: `10.0.0.0/8`, `fd00::/8`, or one address alone.
package struct CIDR: Hashable, Sendable {
  /// The block's first address: bits beyond the prefix are zero.
  package let network: IPAddress
  package let prefixLength: Int

  /// Reads `ADDRESS/LENGTH` or `ADDRESS`. Bits beyond the length are dropped. Nil for anything else.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(parts[0]) else { return nil }
    guard parts.count == 2 else {
      self.init(address, prefixLength: address.bitWidth)
      return
    }
    let digits = parts[1].utf8
    guard (1...3).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
      let length = Int(parts[1]), length <= address.bitWidth
    else { return nil }
    self.init(address, prefixLength: length)
  }

  /// The block of `prefixLength` bits around `address`. A length out of range is a programmer's error.
  package init(_ address: IPAddress, prefixLength: Int) {
    precondition((0...address.bitWidth).contains(prefixLength), "a prefix longer than its address")
    // An IPv4-mapped block is the IPv4 block that it maps, so that either spelling matches either.
    let isMapped = address.unmapped != address && prefixLength >= 96
    self.prefixLength = isMapped ? prefixLength - 96 : prefixLength
    self.network = Self.masked(isMapped ? address.unmapped : address, self.prefixLength)
  }

  /// Whether `address` lies in the block; an IPv4-mapped address counts as its IPv4 address.
  package func contains(_ address: IPAddress) -> Bool {
    let plain = address.unmapped
    guard plain.bitWidth != network.bitWidth else { return Self.masked(plain, prefixLength) == network }
    return address.bitWidth == network.bitWidth && Self.masked(address, prefixLength) == network
  }

  private static func masked(_ address: IPAddress, _ length: Int) -> IPAddress {
    switch address {
    case .v4(let number): .v4(number & ~(UInt32.max >> UInt32(length)))
    case .v6(let high, let low):
      .v6(
        high & ~(UInt64.max >> UInt64(min(length, 64))), low & ~(UInt64.max >> UInt64(max(length - 64, 0))))
    }
  }
}

extension CIDR: CustomStringConvertible {
  package var description: String { "\(network)/\(prefixLength)" }
}
