internal import RelayCrypto
internal import RelayDocuments

/// UUIDs of RFC 9562.
enum UUIDText {
  @Sendable static func transform(_ input: TransformInput) throws(TransformError) -> JSON? {
    if input.text(0) == "v5" {
      guard let namespace = bytes(of: input.text(1)) else {
        throw TransformError("namespace must be url, dns or a UUID")
      }
      return .string(try named(namespace + Array(try input.text().utf8), .sha1, version: 5))
    }
    guard let identity = input.surroundings.identity else {
      throw TransformError("v4 has a value in an execution only")
    }
    return .string(try named(Array(identity.utf8), .sha256, version: 4))
  }

  private static func named(
    _ name: [UInt8], _ algorithm: DigestAlgorithm, version: UInt8
  ) throws(TransformError) -> String {
    var bytes = Array(try Transforms.digest(name, algorithm).prefix(16))
    bytes[6] = bytes[6] & 0x0F | version << 4
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array(Hex.text(bytes))
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
  }

  private static func bytes(of namespace: String) -> [UInt8]? {
    let text =
      switch namespace {
      case "dns": "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
      case "url": "6ba7b811-9dad-11d1-80b4-00c04fd430c8"
      default: namespace
      }
    let digits = text.filter { $0 != "-" }
    return digits.count == 32 && text.count == 36 ? Hex.decode(digits.lowercased().utf8) : nil
  }
}
