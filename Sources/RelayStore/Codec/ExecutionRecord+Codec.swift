internal import RelayModel

extension ExecutionRecord: StoredRecord {
  static let version: UInt8 = 1

  func encode(to writer: inout RecordWriter) {
    writer.key(event)
    writer.string(hook)
    writer.string(workflow)
    writer.varint(UInt64(version))
    writer.byte(status.code)
    writer.byte(origin.rawValue)
    writer.byte(priority)
    writer.byte(
      (background ? 1 : 0) | (pinned ? 2 : 0) | (discarded ? 4 : 0) | (listens ? 8 : 0) | (forks ? 16 : 0)
        | (strand == nil ? 0 : 32) | (lanes.isEmpty ? 0 : 64) | (hasParent ? 128 : 0))
    writer.bytes(position.bytes)
    writer.int(attempt)
    writer.int(totalAttempts)
    writer.int(crashes)
    writer.optionalTime(firstAttemptAt)
    writer.optionalTime(due)
    writer.optionalString(reason)
    writer.time(createdAt)
    writer.optionalTime(startedAt)
    writer.optionalTime(finishedAt)
    writer.varint(UInt64(revision))
    writer.int(ends)
    writer.optional(failure) { $0.failure($1) }
    writer.optionalBytes(resumeAt?.bytes)
    writer.int(stepsDone)
    if let strand { writer.strand(strand) }
    if !lanes.isEmpty {
      writer.int(lanes.count)
      for ticket in lanes { writer.ticket(ticket) }
    }
  }

  init?(from reader: inout RecordReader) {
    let event = reader.key()
    let hook = reader.string()
    let workflow = reader.string()
    let version = reader.number(UInt32.self)
    let status = ExecutionStatus(code: reader.byte())
    let origin = reader.choice(ExecutionOrigin.live)
    let priority = reader.byte()
    let flags = reader.byte()
    guard let status, let position = StepPath(bytes: reader.blob()) else { return nil }
    self.init(
      event: event, hook: hook, workflow: workflow, version: version, origin: origin, priority: priority,
      background: flags & 1 != 0, position: position, createdAt: .epoch)
    self.status = status
    pinned = flags & 2 != 0
    discarded = flags & 4 != 0
    listens = flags & 8 != 0
    forks = flags & 16 != 0
    hasParent = flags & 128 != 0
    attempt = reader.int()
    totalAttempts = reader.int()
    crashes = reader.int()
    firstAttemptAt = reader.optionalTime()
    due = reader.optionalTime()
    reason = reader.optionalString()
    createdAt = reader.time()
    startedAt = reader.optionalTime()
    finishedAt = reader.optionalTime()
    revision = reader.number(UInt32.self)
    ends = reader.int()
    failure = reader.optional { $0.failure() }
    if let path = reader.optionalBytes() {
      resumeAt = StepPath(bytes: path)
      if resumeAt == nil { return nil }
    }
    stepsDone = reader.int()
    if flags & 32 != 0 {
      strand = reader.strand()
      if strand == nil { return nil }
    }
    guard flags & 64 != 0 else { return }
    for _ in 0..<min(reader.int(), StoreLimits.lanesPerExecution) {
      guard let ticket = reader.ticket() else { return nil }
      lanes.append(ticket)
    }
  }
}

extension ExecutionStatus {
  /// The stored number: never changes its meaning.
  var code: UInt8 {
    switch self {
    case .queued: 0
    case .running: 1
    case .waiting: 2
    case .succeeded: 3
    case .failed: 4
    case .cancelled: 5
    }
  }

  init?(code: UInt8) {
    switch code {
    case 0: self = .queued
    case 1: self = .running
    case 2: self = .waiting
    case 3: self = .succeeded
    case 4: self = .failed
    case 5: self = .cancelled
    default: return nil
    }
  }
}

extension StepStatus {
  /// The stored number: never changes its meaning.
  var code: UInt8 {
    switch self {
    case .running: 0
    case .waiting: 1
    case .succeeded: 2
    case .failed: 3
    case .skipped: 4
    }
  }

  init?(code: UInt8) {
    guard let found = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = found
  }
}

extension RecordWriter {
  mutating func failure(_ failure: Failure) {
    string(failure.step)
    string(failure.code)
    string(failure.message)
    optionalInt(failure.status)
    int(failure.attempts)
  }
}

extension RecordReader {
  mutating func failure() -> Failure {
    Failure(step: string(), code: string(), message: string(), status: optionalInt(), attempts: int())
  }

  mutating func executionStatus() -> ExecutionStatus {
    if let status = ExecutionStatus(code: byte()) { return status }
    spoil()
    return .failed
  }

  mutating func stepStatus() -> StepStatus {
    if let status = StepStatus(code: byte()) { return status }
    spoil()
    return .failed
  }
}
