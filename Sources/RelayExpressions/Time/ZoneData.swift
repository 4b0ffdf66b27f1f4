/// One zone of the IANA database, read from its TZif form (RFC 8536).
struct ZoneData: Sendable {
  /// When the offset changes, in seconds since the epoch, ascending.
  private var transitions: [Int64] = []
  /// The offset from each transition on.
  private var offsets: [Int64] = []
  /// The offset before the first transition.
  private var first: Int64 = 0
  /// What holds after the last transition.
  private var rule: ZoneRule?

  /// A zone that always had the rule it has now; nil for what is no rule of POSIX.
  init?(rule: String) {
    guard let rule = ZoneRule(rule) else { return nil }
    self.rule = rule
  }

  /// Nil for data that is not TZif.
  init?(_ bytes: [UInt8]) {
    var reader = Reader(bytes)
    guard let header = Header(&reader) else { return nil }
    if header.version >= UInt8(ascii: "2") {
      // The first block holds 32-bit times, for old readers.
      guard reader.skip(header.length(timeSize: 4)), let wide = Header(&reader) else { return nil }
      guard read(wide, timeSize: 8, &reader) else { return nil }
      rule = reader.footer().flatMap { ZoneRule($0) }
    } else {
      guard read(header, timeSize: 4, &reader) else { return nil }
    }
  }

  /// Seconds east of Greenwich.
  func offset(at seconds: Int64) -> Int64 {
    guard let last = transitions.last else { return rule?.offset(at: seconds) ?? first }
    if seconds >= last, let rule { return rule.offset(at: seconds) }
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? first : offsets[low - 1]
  }

  private mutating func read(_ header: Header, timeSize: Int, _ reader: inout Reader) -> Bool {
    var indices: [Int] = []
    for _ in 0..<header.times {
      guard let time = reader.integer(timeSize) else { return false }
      transitions.append(time)
    }
    for _ in 0..<header.times {
      guard let index = reader.integer(1) else { return false }
      indices.append(Int(index & 0xFF))
    }
    var types: [(offset: Int64, isDaylight: Bool)] = []
    for _ in 0..<header.types {
      guard let offset = reader.integer(4), let daylight = reader.integer(1), reader.skip(1) else {
        return false
      }
      types.append((offset, daylight != 0))
    }
    guard let initial = types.first(where: { !$0.isDaylight }) ?? types.first,
      indices.allSatisfy({ $0 < types.count })
    else { return false }
    first = types.first.map { $0.isDaylight ? initial.offset : $0.offset } ?? initial.offset
    offsets = indices.map { types[$0].offset }
    return reader.skip(header.rest(timeSize: timeSize))
  }

  private struct Header {
    let version: UInt8
    let universal: Int
    let standard: Int
    let leaps: Int
    let times: Int
    let types: Int
    let letters: Int

    init?(_ reader: inout Reader) {
      guard reader.starts(with: "TZif"), let version = reader.integer(1), reader.skip(15) else { return nil }
      var counts: [Int] = []
      for _ in 0..<6 {
        guard let count = reader.integer(4), (0...100_000).contains(count) else { return nil }
        counts.append(Int(count))
      }
      self.version = UInt8(truncatingIfNeeded: version)
      (universal, standard, leaps, times, types, letters) =
        (counts[0], counts[1], counts[2], counts[3], counts[4], counts[5])
    }

    /// What follows the types.
    func rest(timeSize: Int) -> Int { letters + leaps * (timeSize + 4) + standard + universal }

    func length(timeSize: Int) -> Int { times * (timeSize + 1) + types * 6 + rest(timeSize: timeSize) }
  }

  private struct Reader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func starts(with text: String) -> Bool {
      guard bytes[min(position, bytes.count)...].starts(with: text.utf8) else { return false }
      position += text.utf8.count
      return true
    }

    mutating func skip(_ count: Int) -> Bool {
      guard count <= bytes.count - position else { return false }
      position += count
      return true
    }

    /// Two's complement, the high byte first.
    mutating func integer(_ size: Int) -> Int64? {
      guard size <= bytes.count - position else { return nil }
      var value: Int64 = bytes[position] & 0x80 != 0 ? -1 : 0
      for byte in bytes[position..<position + size] { value = value << 8 | Int64(byte) }
      position += size
      return value
    }

    mutating func footer() -> String? {
      guard starts(with: "\n") else { return nil }
      return String(decoding: bytes[position...].prefix { $0 != 0x0A }, as: UTF8.self)
    }
  }
}
