internal import RelayDocuments
package import RelayModel

/// What a backup says of itself: counts to hold its data file against.
package struct BackupManifest: Sendable, Hashable {
  package static let fileName = "backup.json"

  package var format: Int
  package var tag: String
  package var madeAt: Timestamp
  package var events: Int
  package var executions: Int
  package var records: Int
  /// Of the data file.
  package var bytes: Int

  package init(
    format: Int, tag: String, madeAt: Timestamp, events: Int, executions: Int, records: Int, bytes: Int
  ) {
    self.format = format
    self.tag = tag
    self.madeAt = madeAt
    self.events = events
    self.executions = executions
    self.records = records
    self.bytes = bytes
  }

  var text: [UInt8] {
    let json: JSON = [
      "format": JSON(format), "tag": .string(tag), "made_at": .string(madeAt.rfc3339),
      "events": JSON(events), "executions": JSON(executions), "records": JSON(records), "bytes": JSON(bytes),
    ]
    return json.serialized() + [UInt8(ascii: "\n")]
  }

  /// Reads a manifest back.
  package static func read(_ directory: String) throws(StoreError) -> BackupManifest {
    let path = "\(directory)/\(fileName)"
    let bytes = try Files.read(path)
    guard let json = parsed(bytes), let format = json["format"]?.int, let tag = json["tag"]?.string,
      let made = json["made_at"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
      let events = json["events"]?.int,
      let executions = json["executions"]?.int, let records = json["records"]?.int,
      let size = json["bytes"]?.int
    else { throw .unusable(path: path, why: "it is no manifest of a backup") }
    return BackupManifest(
      format: format, tag: tag, madeAt: made, events: events, executions: executions, records: records,
      bytes: size)
  }

  private static func parsed(_ bytes: [UInt8]) -> JSON? {
    do {
      return try JSON.parse(bytes)
    } catch {
      return nil
    }
  }
}
