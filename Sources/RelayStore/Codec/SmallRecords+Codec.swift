internal import RelayModel

extension WorkflowVersion: StoredRecord {
  static let version: UInt8 = 1

  func encode(to writer: inout RecordWriter) {
    writer.varint(UInt64(number))
    writer.string(name)
    writer.bytes(hash)
    writer.bytes(document)
    writer.bytes(vars)
  }

  init?(from reader: inout RecordReader) {
    self.init(
      number: reader.number(UInt32.self), name: reader.string(), hash: reader.blob(),
      document: reader.blob(), vars: reader.blob())
  }
}

extension BreakerRecord: StoredRecord {
  static let version: UInt8 = 1

  func encode(to writer: inout RecordWriter) {
    writer.int(failures)
    writer.optionalTime(openUntil)
    writer.signed(delay.wholeMilliseconds)
  }

  init?(from reader: inout RecordReader) {
    self.init(
      failures: reader.int(), openUntil: reader.optionalTime(), delay: .milliseconds(reader.signed()))
  }
}

extension SealedSecret: StoredRecord {
  static let version: UInt8 = 1

  func encode(to writer: inout RecordWriter) {
    writer.bytes(sealed)
    writer.time(updatedAt)
  }

  init?(from reader: inout RecordReader) { self.init(sealed: reader.blob(), updatedAt: reader.time()) }
}

extension TokenRecord: StoredRecord {
  static let version: UInt8 = 1

  func encode(to writer: inout RecordWriter) {
    writer.string(id)
    writer.string(name)
    writer.string(role)
    writer.bytes(hash)
    writer.time(createdAt)
  }

  init?(from reader: inout RecordReader) {
    self.init(
      id: reader.string(), name: reader.string(), role: reader.string(), hash: reader.blob(),
      createdAt: reader.time())
  }
}

extension AuditRecord: StoredRecord {
  static let version: UInt8 = 1

  func encode(to writer: inout RecordWriter) {
    writer.time(at)
    writer.string(actor)
    writer.string(action)
    writer.string(subject)
    writer.string(detail)
  }

  init?(from reader: inout RecordReader) {
    self.init(
      at: reader.time(), actor: reader.string(), action: reader.string(), subject: reader.string(),
      detail: reader.string())
  }
}

extension HookCounters: StoredRecord {
  static let version: UInt8 = 1

  func encode(to writer: inout RecordWriter) {
    writer.varint(accepted)
    writer.varint(duplicates)
    writer.varint(rejected)
  }

  init?(from reader: inout RecordReader) {
    self.init(accepted: reader.varint(), duplicates: reader.varint(), rejected: reader.varint())
  }
}

extension WorkflowCounters: StoredRecord {
  static let version: UInt8 = 1

  func encode(to writer: inout RecordWriter) {
    writer.varint(succeeded)
    writer.varint(failed)
    writer.varint(cancelled)
  }

  init?(from reader: inout RecordReader) {
    self.init(succeeded: reader.varint(), failed: reader.varint(), cancelled: reader.varint())
  }
}
