internal import RelayModel

/// The key of an entry in `due`: band, instant, execution. Bands keep what must go first apart, so
/// that a claim looks at the head of each and never sorts.
enum DueKey {
  /// Ten bands for what is live, by falling priority, then ten for bulk replay.
  static let bands: UInt8 = 20
  /// Where the execution stands in a key.
  static let executionOffset = 9

  static func make(_ key: RecordKey, _ record: ExecutionRecord, at instant: Timestamp) -> KeyBytes {
    var bytes = start(of: record.band)
    bytes.add(UInt64(clamping: instant.milliseconds))
    bytes.add(key.rawValue)
    return bytes
  }

  static func start(of band: UInt8) -> KeyBytes {
    var bytes = KeyBytes()
    bytes.add(band)
    return bytes
  }

  /// The parts of a key; nil when it is none of ours.
  static func parts(_ entry: Entry) -> (band: UInt8, due: Timestamp, execution: RecordKey)? {
    guard entry.keyCount == 17 else { return nil }
    let due = Timestamp(milliseconds: Int64(clamping: entry.number(at: 1)))
    return (entry.byte(at: 0), due, entry.recordKey(at: executionOffset))
  }
}

extension ExecutionRecord {
  var band: UInt8 { (background ? 10 : 0) + 9 - min(priority, 9) }
}
