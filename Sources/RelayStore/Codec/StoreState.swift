internal import RelayModel

/// The one record that every commit rewrites: marks that never go back, and the kept counts.
struct StoreState: StoredRecord, Equatable {
  static let version: UInt8 = 1

  /// The highest key given to an event, an execution or a rejected request.
  var lastKey = RecordKey(rawValue: 0)
  /// The latest instant of the engine's clock that was seen.
  var engineClock = Timestamp.epoch
  var lastVersion: UInt32 = 0
  var lastAudit: UInt64 = 0
  /// Which of the two logs of marks is written: even or odd.
  var markGeneration: UInt64 = 0
  var epoch = ""
  /// Stored outbox numbers rise for ever; upstream sees them less this.
  var outboxBase: UInt64 = 0
  var outboxFirst: UInt64 = 1
  var outboxLast: UInt64 = 0
  /// Entries up to this number have lost their step details.
  var outboxThinned: UInt64 = 0
  var outboxBytes = 0
  var outboxLost: UInt64 = 0
  var events = 0
  /// Stored executions by status code.
  var executions = [Int](repeating: 0, count: ExecutionStatus.allCases.count)
  var deadLetters = 0
  var rejected = 0
  var rejectedBytes = 0
  var auditRecords = 0
  var damaged = 0

  init() {}

  func encode(to writer: inout RecordWriter) {
    writer.key(lastKey)
    writer.time(engineClock)
    writer.varint(UInt64(lastVersion))
    writer.varint(lastAudit)
    writer.varint(markGeneration)
    writer.string(epoch)
    writer.varint(outboxBase)
    writer.varint(outboxFirst)
    writer.varint(outboxLast)
    writer.varint(outboxThinned)
    writer.int(outboxBytes)
    writer.varint(outboxLost)
    writer.int(events)
    for count in executions { writer.int(count) }
    writer.int(deadLetters)
    writer.int(rejected)
    writer.int(rejectedBytes)
    writer.int(auditRecords)
    writer.int(damaged)
  }

  init?(from reader: inout RecordReader) {
    lastKey = reader.key()
    engineClock = reader.time()
    lastVersion = reader.number(UInt32.self)
    lastAudit = reader.varint()
    markGeneration = reader.varint()
    epoch = reader.string()
    outboxBase = reader.varint()
    outboxFirst = reader.varint()
    outboxLast = reader.varint()
    outboxThinned = reader.varint()
    outboxBytes = reader.int()
    outboxLost = reader.varint()
    events = reader.int()
    for index in executions.indices { executions[index] = reader.int() }
    deadLetters = reader.int()
    rejected = reader.int()
    rejectedBytes = reader.int()
    auditRecords = reader.int()
    damaged = reader.int()
  }

  /// Executions that have not ended.
  var backlog: Int {
    ExecutionStatus.allCases.reduce(0) { $0 + ($1.isFinal ? 0 : executions[Int($1.code)]) }
  }

  /// Moves one execution between the counts; nil stands for "not stored".
  mutating func count(from old: ExecutionStatus?, to new: ExecutionStatus?) {
    if let old { executions[Int(old.code)] -= 1 }
    if let new { executions[Int(new.code)] += 1 }
  }
}
