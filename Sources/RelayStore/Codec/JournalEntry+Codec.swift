internal import RelayModel

/// The value in `journal`. The path is the end of the key, and stands in the value too.
extension JournalEntry: StoredRecord {
  static let version: UInt8 = 1

  func encode(to writer: inout RecordWriter) {
    writer.bytes(path.bytes)
    writer.string(name)
    writer.byte(status.code)
    writer.time(startedAt)
    writer.optionalTime(finishedAt)
    writer.int(attempts)
    writer.optionalBytes(output)
    writer.optional(last) { $1.encode(to: &$0) }
    writer.optional(failure) { $0.failure($1) }
    writer.optionalBytes(decision)
  }

  init?(from reader: inout RecordReader) {
    guard let path = StepPath(bytes: reader.blob()) else { return nil }
    self.init(
      path: path, name: reader.string(), status: reader.stepStatus(), startedAt: reader.time(),
      finishedAt: reader.optionalTime(), attempts: reader.int(), output: reader.optionalBytes())
    last = reader.optional { AttemptRecord(reading: &$0) }
    failure = reader.optional { $0.failure() }
    decision = reader.optionalBytes()
  }
}

extension AttemptRecord: StoredRecord {
  static let version: UInt8 = 1

  func encode(to writer: inout RecordWriter) {
    writer.int(number)
    writer.time(at)
    writer.int(durationMs)
    writer.optionalBytes(request)
    writer.optionalBytes(response)
    writer.optionalInt(status)
    writer.optional(error) { $0.failure($1) }
  }

  init(reading reader: inout RecordReader) {
    self.init(
      number: reader.int(), at: reader.time(), durationMs: reader.int(), request: reader.optionalBytes(),
      response: reader.optionalBytes(), status: reader.optionalInt(),
      error: reader.optional { $0.failure() })
  }

  init?(from reader: inout RecordReader) { self.init(reading: &reader) }
}
