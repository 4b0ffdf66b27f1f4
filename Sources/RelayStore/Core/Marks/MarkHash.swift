internal import RelayModel

/// The 12 bytes of a mark's hash that are stored, as a key of a table in memory.
struct MarkHash: Hashable, Comparable {
  let high: UInt64
  let low: UInt32

  init(_ mark: DedupeMark) {
    let bytes = mark.hash.span
    var high: UInt64 = 0
    for index in 0..<8 { high = high << 8 | UInt64(bytes[index]) }
    var low: UInt32 = 0
    for index in 8..<12 { low = low << 8 | UInt32(bytes[index]) }
    self.init(high: high, low: low)
  }

  init(high: UInt64, low: UInt32) {
    self.high = high
    self.low = low
  }

  /// The key in `dedupe`.
  var key: KeyBytes {
    var key = KeyBytes(high)
    key.add(low)
    return key
  }

  static func < (a: MarkHash, b: MarkHash) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

/// The value in a log of marks: which hash an event has left.
struct LoggedMark: StoredRecord {
  static let version: UInt8 = 1

  var hash: MarkHash
  var executions: Int

  init(hash: MarkHash, executions: Int) {
    self.hash = hash
    self.executions = executions
  }

  func encode(to writer: inout RecordWriter) {
    writer.fixed(hash.high)
    writer.fixed(UInt64(hash.low))
    writer.varint(UInt64(executions))
  }

  init?(from reader: inout RecordReader) {
    let high = reader.fixed()
    guard let low = UInt32(exactly: reader.fixed()) else { return nil }
    hash = MarkHash(high: high, low: low)
    executions = Int(reader.number(UInt16.self))
  }
}
