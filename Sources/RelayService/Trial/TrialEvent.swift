internal import RelayCrypto
internal import RelayDocuments
package import RelayModel

/// An event for a trial, as a file gives it: the body of a request; or an object that describes the event, as
/// `petrel events show --json` prints it.
package struct TrialEvent: Sendable, Equatable {
  package var type: String?
  package var method = "POST"
  package var target: String?
  package var headers = HeaderFields()
  package var body: [UInt8]

  /// The members of a description; an object with others is a body itself.
  private static let members: Set = [
    "id", "hook", "type", "delivery", "origin", "received_at", "size", "executions", "method", "target",
    "client", "headers", "body", "body_base64", "notes",
  ]

  package init(_ bytes: [UInt8]) {
    body = bytes
    guard let json = Self.parsed(bytes) else { return }
    if let object = json.object, object["body"] != nil,
      object.members.allSatisfy({ Self.members.contains($0.name) })
    {
      describe(object)
    }
    if headers.occurrences("Content-Type") == 0 { headers.append("Content-Type", "application/json") }
  }

  private mutating func describe(_ object: JSONObject) {
    type = object["type"]?.string
    method = object["method"]?.string ?? method
    target = object["target"]?.string
    if let base64 = object["body_base64"]?.string, let bytes = Base64.standard.decode(base64.utf8) {
      body = bytes
    } else {
      // A body that was no JSON stands there as its text.
      body = object["body"]?.string.map { Array($0.utf8) } ?? object["body"]?.serialized() ?? []
    }
    for header in object["headers"]?.array ?? [] {
      if let name = header["name"]?.string, let value = header["value"]?.string {
        headers.append(name, value)
      }
    }
    for member in object["headers"]?.object?.members ?? [] {
      if let value = member.value.string { headers.append(member.name, value) }
    }
  }

  private static func parsed(_ bytes: [UInt8]) -> JSON? {
    do {
      return try JSON.parse(bytes, maxDepth: 64)
    } catch {
      return nil
    }
  }
}
