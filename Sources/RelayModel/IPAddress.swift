/// An internet address as a number, so that it is compared and judged by value, never by spelling.
package enum IPAddress: Hashable, Sendable {
  case v4(UInt32)
  /// The upper and the lower half.
  case v6(UInt64, UInt64)

  /// Reads four decimal parts without leading zeros, or RFC 4291 text without brackets and zone.
  /// Nil for every other spelling.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    if let number = Self.dottedQuad(bytes[...]) {
      self = .v4(number)
    } else if let groups = Self.eightGroups(bytes) {
      self = .v6(Self.half(groups[0..<4]), Self.half(groups[4..<8]))
    } else {
      return nil
    }
  }

  /// The address as the kernel writes it: 4 or 16 bytes in network order. Nil for another length.
  package init?(bytes: some Collection<UInt8>) {
    switch bytes.count {
    case 4: self = .v4(bytes.reduce(0) { $0 << 8 | UInt32($1) })
    case 16:
      self = .v6(
        bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
        bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
    default: return nil
    }
  }

  /// An IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) as the IPv4 address that it is; else itself.
  package var unmapped: IPAddress {
    guard case .v6(0, let low) = self, low >> 32 == 0xFFFF else { return self }
    return .v4(UInt32(truncatingIfNeeded: low))
  }

  /// `127.0.0.0/8` or `::1`.
  package var isLoopback: Bool {
    self == .v6(0, 1) || CIDR(.v4(127 << 24), prefixLength: 8).contains(self)
  }

  /// 32 or 128.
  package var bitWidth: Int {
    switch self {
    case .v4: 32
    case .v6: 128
    }
  }

  private static func half(_ groups: ArraySlice<UInt16>) -> UInt64 {
    groups.reduce(0) { $0 << 16 | UInt64($1) }
  }
}

// MARK: - Reading

extension IPAddress {
  private static func dottedQuad(_ text: ArraySlice<UInt8>) -> UInt32? {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var number: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else {
        return nil
      }
      var value: UInt32 = 0
      for byte in part {
        guard (48...57).contains(byte) else { return nil }
        value = value * 10 + UInt32(byte - 48)
      }
      guard value <= 255 else { return nil }
      number = number << 8 | value
    }
    return number
  }

  /// The eight groups of an IPv6 address: at most one `::`, and perhaps an IPv4 address at the end.
  private static func eightGroups(_ text: [UInt8]) -> [UInt16]? {
    guard let gap = text.firstDoubleColon else {
      guard let groups = groups(text[...], mayEndInQuad: true), groups.count == 8 else { return nil }
      return groups
    }
    guard let head = groups(text[..<gap], mayEndInQuad: false),
      let tail = groups(text[(gap + 2)...], mayEndInQuad: true), head.count + tail.count <= 7
    else { return nil }
    return head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  private static func groups(_ text: ArraySlice<UInt8>, mayEndInQuad: Bool) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if mayEndInQuad, index == parts.count - 1, let quad = dottedQuad(part) {
        groups += [UInt16(quad >> 16), UInt16(quad & 0xFFFF)]
      } else {
        guard (1...4).contains(part.count),
          let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16),
          part.first != UInt8(ascii: "+")
        else { return nil }
        groups.append(group)
      }
    }
    return groups
  }
}

extension [UInt8] {
  fileprivate var firstDoubleColon: Int? {
    guard count >= 2 else { return nil }
    return (0..<(count - 1)).first { self[$0] == UInt8(ascii: ":") && self[$0 + 1] == UInt8(ascii: ":") }
  }
}

// MARK: - Writing

extension IPAddress: CustomStringConvertible {
  /// Dotted decimal, or RFC 5952: lower case, the longest run of zero groups as `::`.
  package var description: String {
    switch self {
    case .v4(let number):
      return stride(from: 24, through: 0, by: -8).map { String(number >> $0 & 0xFF) }.joined(separator: ".")
    case .v6(let high, let low):
      if case .v4 = unmapped { return "::ffff:\(unmapped)" }
      let groups = [high, low].flatMap { half in
        stride(from: 48, through: 0, by: -16).map { UInt16(truncatingIfNeeded: half >> $0) }
      }
      return Self.text(of: groups)
    }
  }

  private static func text(of groups: [UInt16]) -> String {
    func hex(_ range: Range<Int>) -> String {
      groups[range].map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard let gap = longestZeroRun(groups) else { return hex(0..<8) }
    return hex(0..<gap.lowerBound) + "::" + hex(gap.upperBound..<8)
  }

  /// The first of the longest runs of two or more zero groups.
  private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
    var best: Range<Int>?
    var start = 0
    while start < 8 {
      let end = groups[start...].firstIndex { $0 != 0 } ?? 8
      if end - start >= 2, end - start > (best?.count ?? 0) { best = start..<end }
      start = end + 1
    }
    return best
  }
}
