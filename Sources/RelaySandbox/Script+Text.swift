internal import CLua

/// What can be said of a script's text alone.
extension Script {
  /// Why `source` is no Lua, with the line; nil where it is. Nothing of it runs.
  package static func complaint(about source: String) -> String? {
    let bytes = Array(source.utf8).map(CChar.init(bitPattern:))
    var message = [CChar](repeating: 0, count: 512)
    let isSound = unsafe petrel_check_script(bytes, bytes.count, &message, message.count)
    guard isSound == 0 else { return nil }
    return String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// A seed of `math.random` for what `text` names. It is no secret (FNV-1a, two lanes).
  package static func seed(of text: String) -> (UInt64, UInt64) {
    var (high, low): (UInt64, UInt64) = (0xcbf2_9ce4_8422_2325, 0x8422_2325_cbf2_9ce4)
    for byte in text.utf8 {
      high = (high ^ UInt64(byte)) &* 0x100_0000_01b3
      low = (low ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return (high, low)
  }
}
