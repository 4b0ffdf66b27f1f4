internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel

/// How what came from outside is shown: parsed where it is JSON, masked where it may be a secret.
enum PayloadView {
  /// `body`, and `body_base64` where `body` cannot hold it.
  static func members(of body: [UInt8]) -> [(name: String, value: JSON)] {
    if body.isEmpty { return [("body", .null)] }
    if let json = json(body) { return [("body", json)] }
    if let text = String(validating: body, as: UTF8.self) { return [("body", .string(text))] }
    return [("body", .null), ("body_base64", .string(Base64.standard.text(body)))]
  }

  /// Bytes that the engine wrote as JSON; text where they are something else.
  static func value(of bytes: [UInt8]?) -> JSON {
    guard let bytes else { return .null }
    return json(bytes) ?? .string(String(decoding: bytes, as: UTF8.self))
  }

  static func headers(_ headers: HeaderFields) -> JSON {
    .array(
      headers.all.map { field in
        let value = isSecret(field.name) ? "[redacted]" : field.value
        return ["name": .string(field.name), "value": .string(value)]
      })
  }

  /// Whether a field of this name usually carries something that opens a door.
  static func isSecret(_ name: String) -> Bool {
    let name = name.lowercased()
    return [
      "authorization", "cookie", "token", "secret", "signature", "password", "api-key", "apikey", "hmac",
    ]
    .contains { name.contains($0) }
  }

  private static func json(_ bytes: [UInt8]) -> JSON? {
    do {
      return try JSON.parse(bytes, maxDepth: 64)
    } catch {
      return nil
    }
  }
}
