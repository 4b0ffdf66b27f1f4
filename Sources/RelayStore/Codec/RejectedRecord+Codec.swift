internal import RelayModel

extension RejectedRecord: StoredRecord {
  static let version: UInt8 = 1

  func encode(to writer: inout RecordWriter) {
    writer.string(hook)
    writer.string(code.rawValue)
    writer.string(detail)
    writer.string(request.method)
    writer.string(request.target)
    writer.bytes(request.headers.storage)
    writer.string(request.client)
    writer.time(request.receivedAt)
    writer.int(bodySize)
    writer.bytes(request.body)
  }

  init?(from reader: inout RecordReader) {
    hook = reader.string()
    guard let code = RefusalCode(rawValue: reader.string()) else { return nil }
    self.code = code
    detail = reader.string()
    let method = reader.string()
    let target = reader.string()
    guard let headers = HeaderFields(storage: reader.blob()) else { return nil }
    let client = reader.string()
    let receivedAt = reader.time()
    bodySize = reader.int()
    request = IncomingRequest(
      method: method, target: target, headers: headers, body: reader.blob(), receivedAt: receivedAt,
      client: client)
  }
}
