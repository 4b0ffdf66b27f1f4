internal import RelayModel

/// What an address is for, by the IANA special-purpose registries and the clouds' own papers.
enum AddressClass: Hashable, Sendable {
  /// Anybody's host on the internet.
  case open
  /// This machine, a private network, or a block that no public host has: only for hosts written out.
  case inside(String)
  /// Link-local and cloud metadata: hands out credentials to whoever asks; only when named.
  case guarded(String)

  /// Judges the number, with every IPv4 address that it embeds: the worst of them counts.
  init(_ address: IPAddress) {
    switch address {
    case .v4(let number): self = Self.ofV4(number)
    case .v6(let high, let low): self = Self.ofV6(high, low)
    }
  }

  /// The address itself and the IPv4 addresses that a translator on the way would read out of it.
  static func readings(of address: IPAddress) -> [IPAddress] {
    guard case .v6(let high, let low) = address else { return [address] }
    return [address] + Embedding.of(high, low).map { .v4($0.number) }
  }

  private static func ofV4(_ number: UInt32) -> AddressClass {
    if let block = guardedV4.first(where: { $0.contains(number) }) { return .guarded(block.use) }
    if let block = insideV4.first(where: { $0.contains(number) }) { return .inside(block.use) }
    return .open
  }

  private static func ofV6(_ high: UInt64, _ low: UInt64) -> AddressClass {
    if let block = guardedV6.first(where: { $0.contains(high, low) }) { return .guarded(block.use) }
    let embeddings = Embedding.of(high, low)
    for case .guarded(let use) in embeddings.map({ ofV4($0.number) }) { return .guarded(use) }
    if let transparent = embeddings.first(where: \.isTransparent) { return ofV4(transparent.number) }
    if let block = insideV6.first(where: { $0.contains(high, low) }) { return .inside(block.use) }
    return high >> 61 == 1 ? .open : .inside("no part of the public IPv6 internet")
  }
}

/// An IPv4 address inside an IPv6 one.
private struct Embedding {
  let number: UInt32
  /// The IPv6 address is merely another way to write the IPv4 one, so that it is judged as that alone.
  let isTransparent: Bool

  static func of(_ high: UInt64, _ low: UInt64) -> [Embedding] {
    let last = UInt32(truncatingIfNeeded: low)
    func opaque(_ numbers: UInt32...) -> [Embedding] {
      numbers.map { Embedding(number: $0, isTransparent: false) }
    }
    if high == 0, low >> 32 == 0xFFFF { return [Embedding(number: last, isTransparent: true)] }
    // NAT64's well-known prefix reaches the IPv4 internet from an IPv6-only host.
    if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 { return [Embedding(number: last, isTransparent: true)] }
    // NAT64's local prefix: the address stands at the end, or around bit 64 (RFC 6052, section 2.2).
    if high >> 16 == 0x0064_FF9B_0001 {
      return opaque(last, UInt32(high & 0xFFFF) << 16 | UInt32(low >> 40 & 0xFFFF))
    }
    if high >> 48 == 0x2002 { return opaque(UInt32(truncatingIfNeeded: high >> 16)) }
    // Teredo: the server, and the client with its bits turned.
    if high >> 32 == 0x2001_0000 { return opaque(UInt32(truncatingIfNeeded: high), ~last) }
    // IPv4-compatible (but not :: and ::1), IPv4-translated, and ISATAP's interface identifier.
    if high == 0, low >> 32 == 0, last > 1 { return opaque(last) }
    if high == 0, low >> 32 == 0xFFFF_0000 { return opaque(last) }
    if low >> 32 & ~0x0200_0000 == 0x0000_5EFE { return opaque(last) }
    return []
  }
}

// MARK: - The registries

private struct BlockV4 {
  let network: UInt32
  let length: UInt32
  let use: String

  init(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ length: UInt32, _ use: String) {
    network = a << 24 | b << 16 | c << 8 | d
    self.length = length
    self.use = use
  }

  func contains(_ number: UInt32) -> Bool { (number ^ network) >> (32 - length) == 0 }
}

private struct BlockV6 {
  let high: UInt64
  let low: UInt64
  let length: UInt64
  let use: String

  init(_ high: UInt64, _ low: UInt64, _ length: UInt64, _ use: String) {
    self.high = high
    self.low = low
    self.length = length
    self.use = use
  }

  func contains(_ high: UInt64, _ low: UInt64) -> Bool {
    guard length > 64 else { return (high ^ self.high) >> (64 - length) == 0 }
    return high == self.high && (low ^ self.low) >> (128 - length) == 0
  }
}

private let guardedV4 = [
  BlockV4(169, 254, 0, 0, 16, "link-local, where clouds serve metadata"),
  BlockV4(100, 100, 100, 200, 32, "a cloud's metadata service"),
  BlockV4(168, 63, 129, 16, 32, "a cloud's metadata service"),
  BlockV4(192, 0, 0, 192, 32, "a cloud's metadata service"),
]

private let insideV4 = [
  BlockV4(0, 0, 0, 0, 8, "this machine"),
  BlockV4(10, 0, 0, 0, 8, "a private network"),
  BlockV4(100, 64, 0, 0, 10, "a carrier's shared network"),
  BlockV4(127, 0, 0, 0, 8, "this machine"),
  BlockV4(172, 16, 0, 0, 12, "a private network"),
  BlockV4(192, 0, 0, 0, 24, "reserved for protocols"),
  BlockV4(192, 0, 2, 0, 24, "reserved for documentation"),
  BlockV4(192, 88, 99, 0, 24, "a 6to4 relay"),
  BlockV4(192, 168, 0, 0, 16, "a private network"),
  BlockV4(198, 18, 0, 0, 15, "reserved for measurements"),
  BlockV4(198, 51, 100, 0, 24, "reserved for documentation"),
  BlockV4(203, 0, 113, 0, 24, "reserved for documentation"),
  BlockV4(224, 0, 0, 0, 4, "multicast"),
  BlockV4(240, 0, 0, 0, 4, "reserved, or broadcast"),
]

private let guardedV6 = [
  BlockV6(0xFE80_0000_0000_0000, 0, 10, "link-local"),
  BlockV6(0xFD00_0EC2_0000_0000, 0, 64, "a cloud's metadata service"),
  BlockV6(0xFD20_00CE_0000_0000, 0, 64, "a cloud's metadata service"),
  BlockV6(0xFD00_00C1_0000_0000, 0, 64, "a cloud's metadata service"),
]

private let insideV6 = [
  BlockV6(0, 1, 128, "this machine"),
  BlockV6(0, 0, 128, "this machine"),
  BlockV6(0x0064_FF9B_0001_0000, 0, 48, "a local IPv4 translator"),
  BlockV6(0xFC00_0000_0000_0000, 0, 7, "a private network"),
  BlockV6(0xFEC0_0000_0000_0000, 0, 10, "a private network"),
  BlockV6(0xFF00_0000_0000_0000, 0, 8, "multicast"),
  BlockV6(0x2001_0000_0000_0000, 0, 23, "reserved for protocols"),
  BlockV6(0x2001_0DB8_0000_0000, 0, 32, "reserved for documentation"),
  BlockV6(0x2002_0000_0000_0000, 0, 16, "a 6to4 tunnel"),
  BlockV6(0x3FFF_0000_0000_0000, 0, 20, "reserved for documentation"),
]
