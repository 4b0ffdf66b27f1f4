import RelayModel
import Testing

@testable import RelayStore

@Suite struct CodecTests {
  /// A record's bytes under a key.
  private func bytes(_ record: some StoredRecord, key: UInt64 = 7) -> [UInt8] {
    var writer = RecordWriter()
    writer.begin(version: type(of: record).version)
    record.encode(to: &writer)
    return unsafe KeyBytes(key).withBytes { unsafe Array(writer.seal(key: $0)) }
  }

  private func read<R: StoredRecord>(_ bytes: [UInt8], key: UInt64 = 7, as type: R.Type) -> R? {
    unsafe KeyBytes(key).withBytes { key in
      unsafe bytes.withUnsafeBytes { bytes in
        guard var reader = unsafe RecordReader(record: bytes, key: key) else { return nil }
        guard let record = R(from: &reader), reader.isSound, reader.isAtEnd else { return nil }
        return record
      }
    }
  }

  private var execution: ExecutionRecord {
    var record = ExecutionRecord(
      event: RecordKey(rawValue: .max), hook: "github", workflow: "issue-alert", version: .max,
      origin: .replay,
      priority: 9, background: true, position: StepPath.start.item(3).step(1), createdAt: .epoch)
    record.status = .failed
    record.failure = Failure(step: "a/1/b", code: "timeout", message: "é", status: 504, attempts: 3)
    record.firstAttemptAt = Timestamp(milliseconds: -1)
    record.due = .distantFuture
    record.reason = ""
    record.resumeAt = .failureStart
    record.pinned = true
    record.discarded = true
    record.revision = .max
    return record
  }

  @Test func `every field of a record is read back`() {
    #expect(read(bytes(execution), as: ExecutionRecord.self) == execution)
    let entry = JournalEntry(
      path: .start, name: "a", status: .skipped, startedAt: .epoch, finishedAt: nil, attempts: 0, output: nil,
      last: nil, failure: nil, decision: [1, 2])
    #expect(read(bytes(entry), as: JournalEntry.self) == entry)
    var event = NewEvent.sample(now: .epoch).record
    event.notes = ["flow: no such field"]
    event.type = nil
    event.origin = .manual
    #expect(read(bytes(EventHeader(record: event, inlineBody: [0])), as: EventHeader.self)?.record == event)
    var summary = ExecutionSummary(key: RecordKey(rawValue: 3), record: execution)
    summary.steps = [
      ExecutionSummary.Step(id: "a", status: .failed, attempts: 2, durationMs: 1, httpStatus: 500)
    ]
    summary.payload = [1]
    let outbox = OutboxEntry(first: 1, last: 1, content: .end(summary))
    #expect(read(bytes(outbox), as: OutboxEntry.self) == outbox)
    var state = StoreState()
    state.lastKey = RecordKey(rawValue: .max)
    state.executions[3] = 12
    state.epoch = "e"
    #expect(read(bytes(state), as: StoreState.self) == state)
  }

  @Test func `every flipped bit is found, and so is another key`() {
    let sound = bytes(execution)
    for index in sound.indices {
      for bit in 0..<8 {
        var flipped = sound
        flipped[index] ^= UInt8(1 << bit)
        #expect(read(flipped, as: ExecutionRecord.self) == nil)
      }
    }
    #expect(read(sound, key: 8, as: ExecutionRecord.self) == nil)
  }

  @Test func `a cut record is found`() {
    let sound = bytes(execution)
    for count in 0..<sound.count { #expect(read(Array(sound[..<count]), as: ExecutionRecord.self) == nil) }
  }

  /// Right by its checksum, and wrong all the same: a defect or a forgery, which must not trap.
  @Test func `garbage with a right checksum is refused without reading beyond it`() {
    struct Garbage: StoredRecord {
      static let version: UInt8 = 1
      var bytes: [UInt8]
      init(_ bytes: [UInt8]) { self.bytes = bytes }
      func encode(to writer: inout RecordWriter) { writer.raw(bytes) }
      init?(from reader: inout RecordReader) { bytes = reader.raw(reader.remaining) }
    }
    let random = TestRandom(3)
    for _ in 0..<2000 {
      let garbage = Garbage((0..<random.below(120)).map { _ in UInt8(truncatingIfNeeded: random.bits()) })
      let forged = bytes(garbage)
      _ = read(forged, as: ExecutionRecord.self)
      _ = read(forged, as: JournalEntry.self)
      _ = read(forged, as: EventHeader.self)
      _ = read(forged, as: OutboxEntry.self)
      _ = read(forged, as: RejectedRecord.self)
      _ = read(forged, as: StoreState.self)
    }
  }

  @Test func `a number of any size is read back`() {
    struct Number: StoredRecord, Equatable {
      static let version: UInt8 = 1
      var signed: Int64
      var fixed: UInt64
      init(_ signed: Int64, _ fixed: UInt64) {
        self.signed = signed
        self.fixed = fixed
      }
      func encode(to writer: inout RecordWriter) {
        writer.signed(signed)
        writer.varint(fixed)
        writer.fixed(fixed)
      }
      init?(from reader: inout RecordReader) {
        signed = reader.signed()
        let short = reader.varint()
        fixed = reader.fixed()
        if short != fixed { return nil }
      }
    }
    for value in [Int64.min, -129, -1, 0, 1, 63, 64, 127, 128, .max] {
      let number = Number(value, UInt64(bitPattern: value))
      #expect(read(bytes(number), as: Number.self) == number)
    }
  }
}
