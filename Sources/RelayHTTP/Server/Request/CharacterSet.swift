/// Sets of ASCII characters, a bit each.
struct CharacterSet {
  private let low: UInt64
  private let high: UInt64

  /// RFC 9110, section 5.6.2: methods and field names.
  static let token = CharacterSet(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
  /// RFC 3986, section 3.2: a host and a port, with brackets around an IPv6 address.
  static let host = CharacterSet(low: 0x2FFF_7FF2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFE)

  func contains(_ byte: UInt8) -> Bool {
    byte < 64 ? low &>> UInt64(byte) & 1 != 0 : byte < 128 && high &>> UInt64(byte - 64) & 1 != 0
  }
}

extension UInt8 {
  /// What a request target may hold here: ASCII that is seen when printed.
  var isPrintable: Bool { self > 0x20 && self < 0x7F }
  /// What a field value may hold: anything but control characters; a tab is a blank.
  var isFieldContent: Bool { (self >= 0x20 && self != 0x7F) || self == 0x09 }
}
