internal import RelayModel

/// The value in `waits`.
extension WaitRecord: StoredRecord {
  static let version: UInt8 = 1

  func encode(to writer: inout RecordWriter) {
    switch subject {
    case .event(let awaited):
      writer.byte(0)
      awaited.kind.encode(to: &writer)
      writer.raw(awaited.value)
    case .approval(let question):
      writer.byte(1)
      writer.string(question.title)
      writer.string(question.message)
    case .run(let child):
      writer.byte(2)
      writer.key(child)
    }
    writer.time(deadline)
    switch outcome {
    case nil: writer.byte(0)
    case .event(let key):
      writer.byte(1)
      writer.key(key)
    case .timedOut: writer.byte(2)
    case .pretended: writer.byte(3)
    case .ended(let status):
      writer.byte(5)
      writer.byte(status.code)
    case .tooDeep: writer.byte(6)
    case .decision(let decision):
      writer.byte(4)
      writer.flag(decision.isApproved)
      writer.optionalString(decision.by)
      writer.optionalString(decision.comment)
      writer.time(decision.at)
    }
  }

  init?(from reader: inout RecordReader) {
    let subject: Subject
    switch reader.byte() {
    case 0:
      let kind = WaitKind(reading: &reader)
      let value = reader.raw(WaitKind.valueBytes)
      guard reader.isSound else { return nil }
      subject = .event(AwaitedEvent(kind: kind, value: value))
    case 1: subject = .approval(ApprovalQuestion(title: reader.string(), message: reader.string()))
    case 2: subject = .run(reader.key())
    default: return nil
    }
    self.init(subject: subject, deadline: reader.time())
    switch reader.byte() {
    case 0: outcome = nil
    case 1: outcome = .event(reader.key())
    case 2: outcome = .timedOut
    case 3: outcome = .pretended
    case 4:
      outcome = .decision(
        ApprovalDecision(
          isApproved: reader.flag(), by: reader.optionalString(), comment: reader.optionalString(),
          at: reader.time()))
    case 5: outcome = .ended(reader.executionStatus())
    case 6: outcome = .tooDeep
    default: return nil
    }
  }
}

extension WaitKind {
  func encode(to writer: inout RecordWriter) {
    writer.string(hook)
    writer.fixed(id)
    writer.string(key)
    writer.optionalString(condition)
  }

  init(reading reader: inout RecordReader) {
    self.init(
      hook: reader.string(), id: reader.fixed(), key: reader.string(), condition: reader.optionalString())
  }
}

/// The value in `waitKinds`: a kind, and how many wait.
struct CountedKind: StoredRecord {
  static let version: UInt8 = 1

  var kind: WaitKind
  var waiting: Int

  init(kind: WaitKind, waiting: Int) {
    self.kind = kind
    self.waiting = waiting
  }

  func encode(to writer: inout RecordWriter) {
    kind.encode(to: &writer)
    writer.int(waiting)
  }

  init?(from reader: inout RecordReader) {
    self.init(kind: WaitKind(reading: &reader), waiting: reader.int())
  }
}

/// Keys of `waitKinds` and `eventWaits`.
extension WaitKind {
  var place: KeyBytes {
    var bytes = KeyBytes(hook)
    bytes.add(id)
    return bytes
  }
}

extension AwaitedEvent {
  /// What the entries of all that wait for the same begin with.
  var prefix: KeyBytes { Self.prefix(kind, value) }

  static func prefix(_ kind: WaitKind, _ value: [UInt8]) -> KeyBytes {
    var bytes = kind.place
    bytes.add(value)
    return bytes
  }

  func entry(of execution: RecordKey) -> KeyBytes {
    var bytes = prefix
    bytes.add(execution.rawValue)
    return bytes
  }
}

/// Keys of `awaited`.
enum AwaitedKey {
  static func make(_ event: RecordKey, _ execution: RecordKey) -> KeyBytes {
    var key = KeyBytes(event)
    key.add(execution.rawValue)
    return key
  }
}
