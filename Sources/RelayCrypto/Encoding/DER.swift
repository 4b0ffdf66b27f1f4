/// The little of ASN.1's DER that keys and ECDSA signatures are wrapped in.
enum DER {
  /// `SEQUENCE` around elements that are encoded already.
  static func sequence(_ elements: [UInt8]...) -> [UInt8] { tagged(0x30, elements.flatMap { $0 }) }

  /// A non-negative `INTEGER`, from its big-endian bytes.
  static func integer(_ magnitude: some Collection<UInt8>) -> [UInt8] {
    var bytes = Array(magnitude.drop { $0 == 0 })
    if bytes.first.map({ $0 >= 0x80 }) ?? true { bytes.insert(0, at: 0) }
    return tagged(0x02, bytes)
  }

  private static func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    [tag] + length(content.count) + content
  }

  private static func length(_ count: Int) -> [UInt8] {
    guard count >= 0x80 else { return [UInt8(count)] }
    var digits: [UInt8] = []
    var rest = count
    while rest > 0 {
      digits.insert(UInt8(rest & 0xFF), at: 0)
      rest >>= 8
    }
    return [0x80 | UInt8(digits.count)] + digits
  }

  /// The two integers of an ECDSA signature, each left-padded to `width` bytes and joined; nil for
  /// anything else.
  static func rawPair(_ der: [UInt8], width: Int) -> [UInt8]? {
    guard der.count >= 8, der[0] == 0x30, Int(der[1]) == der.count - 2 else { return nil }
    var position = 2
    var raw: [UInt8] = []
    for _ in 0..<2 {
      guard position + 2 <= der.count, der[position] == 0x02 else { return nil }
      let end = position + 2 + Int(der[position + 1])
      guard end <= der.count else { return nil }
      let magnitude = der[(position + 2)..<end].drop { $0 == 0 }
      guard magnitude.count <= width else { return nil }
      raw += [UInt8](repeating: 0, count: width - magnitude.count) + magnitude
      position = end
    }
    return position == der.count ? raw : nil
  }
}
