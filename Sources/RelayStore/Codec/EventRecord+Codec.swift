internal import RelayModel

/// The value in `events`: the event's record, and the body where it is small.
struct EventHeader: StoredRecord {
  static let version: UInt8 = 1

  var record: EventRecord
  /// The body where it stands in the record; nil where it lies in pieces.
  var inlineBody: [UInt8]?

  func encode(to writer: inout RecordWriter) {
    writer.string(record.hook)
    writer.optionalString(record.type)
    writer.optionalString(record.delivery)
    writer.string(record.method)
    writer.string(record.target)
    writer.bytes(record.headers.storage)
    writer.string(record.client)
    writer.time(record.receivedAt)
    writer.int(record.bodySize)
    writer.int(record.executionCount)
    writer.list(record.notes) { $0.string($1) }
    writer.byte(record.origin.rawValue)
    writer.optionalBytes(inlineBody)
  }

  init(record: EventRecord, inlineBody: [UInt8]?) {
    self.record = record
    self.inlineBody = inlineBody
  }

  init?(from reader: inout RecordReader) {
    let hook = reader.string()
    let type = reader.optionalString()
    let delivery = reader.optionalString()
    let method = reader.string()
    let target = reader.string()
    guard let headers = HeaderFields(storage: reader.blob()) else { return nil }
    record = EventRecord(
      hook: hook, type: type, delivery: delivery, method: method, target: target, headers: headers,
      client: reader.string(), receivedAt: reader.time())
    record.bodySize = reader.int()
    record.executionCount = reader.int()
    record.notes = reader.list { $0.string() }
    record.origin = reader.choice(.live)
    inlineBody = reader.optionalBytes()
  }
}
