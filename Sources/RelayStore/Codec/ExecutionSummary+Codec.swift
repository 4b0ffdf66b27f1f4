internal import RelayModel

extension OutboxEntry: StoredRecord {
  static let version: UInt8 = 1

  func encode(to writer: inout RecordWriter) {
    writer.fixed(first)
    writer.fixed(last)
    switch content {
    case .end(let summary):
      writer.byte(0)
      summary.encode(to: &writer)
    case .rollup(let counts):
      writer.byte(1)
      writer.list(counts) { $1.encode(to: &$0) }
    case .lost: writer.byte(2)
    }
  }

  init?(from reader: inout RecordReader) {
    first = reader.fixed()
    last = reader.fixed()
    switch reader.byte() {
    case 0: content = .end(ExecutionSummary(reading: &reader))
    case 1: content = .rollup(reader.list { RollupCount(reading: &$0) })
    case 2: content = .lost
    default: return nil
    }
  }
}

extension ExecutionSummary {
  func encode(to writer: inout RecordWriter) {
    writer.key(execution)
    writer.int(end)
    writer.string(workflow)
    writer.varint(UInt64(version))
    writer.string(hook)
    writer.optionalString(eventType)
    writer.key(event)
    writer.byte(status.code)
    writer.time(createdAt)
    writer.optionalTime(startedAt)
    writer.time(finishedAt)
    writer.int(attempts)
    writer.list(steps) { $1.encode(to: &$0) }
    writer.optionalString(errorCode)
    writer.optionalString(errorMessage)
    writer.optionalBytes(payload)
  }

  init(reading reader: inout RecordReader) {
    let execution = reader.key()
    let end = reader.int()
    self.init(
      execution: execution, workflow: reader.string(), version: reader.number(UInt32.self),
      hook: reader.string(), eventType: reader.optionalString(), event: reader.key(),
      status: reader.executionStatus(), createdAt: reader.time(), startedAt: reader.optionalTime(),
      finishedAt: reader.time(), attempts: reader.int(), steps: reader.list { Step(reading: &$0) },
      errorCode: reader.optionalString(), errorMessage: reader.optionalString(),
      payload: reader.optionalBytes())
    self.end = end
  }
}

extension ExecutionSummary.Step {
  func encode(to writer: inout RecordWriter) {
    writer.string(id)
    writer.byte(status.code)
    writer.int(attempts)
    writer.int(durationMs)
    writer.optionalInt(httpStatus)
  }

  init(reading reader: inout RecordReader) {
    self.init(
      id: reader.string(), status: reader.stepStatus(), attempts: reader.int(), durationMs: reader.int(),
      httpStatus: reader.optionalInt())
  }
}

extension RollupCount {
  func encode(to writer: inout RecordWriter) {
    writer.time(hour)
    writer.string(workflow)
    writer.byte(status.code)
    writer.int(count)
  }

  init(reading reader: inout RecordReader) {
    self.init(
      hour: reader.time(), workflow: reader.string(), status: reader.executionStatus(), count: reader.int())
  }
}
