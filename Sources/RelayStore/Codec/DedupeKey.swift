internal import RelayModel

/// What makes a delivery the same as an earlier one: 16 bytes of a hash over hook and key, and how
/// long the earlier one counts.
package struct DedupeMark: Sendable, Hashable {
  /// The first 12 bytes are stored.
  package var hash: [UInt8]
  package var window: Duration

  /// A programmer error unless `hash` has 16 bytes.
  package init(hash: [UInt8], window: Duration) {
    precondition(hash.count == 16, "a dedupe hash has 16 bytes")
    self.hash = hash
    self.window = window
  }
}

/// The answer that was given: the event, and how many executions came right after it.
struct DedupeValue: StoredRecord, Equatable {
  static let version: UInt8 = 1

  var event: RecordKey
  var executions: Int

  init(event: RecordKey, executions: Int) {
    self.event = event
    self.executions = executions
  }

  func encode(to writer: inout RecordWriter) {
    writer.key(event)
    writer.varint(UInt64(executions))
  }

  init?(from reader: inout RecordReader) {
    event = reader.key()
    executions = Int(reader.number(UInt16.self))
  }
}

/// Keys of `dedupe` begin with the day of the event: a look-up visits a few days, and what is too old
/// goes as whole days, without an index of instants.
enum DedupeKey {
  static let dayMilliseconds: Int64 = 86_400_000

  static func day(_ instant: Timestamp) -> UInt32 {
    UInt32(clamping: instant.milliseconds.dividedFloor(by: dayMilliseconds))
  }

  static func make(day: UInt32, _ mark: DedupeMark) -> KeyBytes {
    var key = KeyBytes()
    key.add(day)
    for index in 0..<12 { key.add(mark.hash[index]) }
    return key
  }
}

extension Snapshot {
  /// The earlier event that `mark` repeats, looking back from `now`; nil when there is none.
  func duplicate(of mark: DedupeMark, newest: RecordKey, now: Timestamp) throws(StoreError) -> DedupeValue? {
    let since = now - mark.window
    var day = max(DedupeKey.day(now), DedupeKey.day(newest.instant))
    let oldest = DedupeKey.day(since)
    while day >= oldest {
      if let value: DedupeValue = try record(.dedupe, DedupeKey.make(day: day, mark)) {
        return value.event.instant >= since ? value : nil
      }
      guard day > 0 else { break }
      day -= 1
    }
    return nil
  }
}
