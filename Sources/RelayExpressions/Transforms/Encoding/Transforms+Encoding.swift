internal import RelayCrypto
internal import RelayDocuments

extension Transforms {
  /// Row 42, its second half: encodings and forms of data.
  static let encoding: [Transform] = [
    Transform(
      42, "hash", "The digest of a text's UTF-8, in hexadecimal.",
      [.optional("alg", .choice(DigestAlgorithm.allCases.map(\.rawValue)), "sha256")], hash),
    Transform(
      42, "base64", "A text's UTF-8 in base64, or back.",
      [.optional("mode", .choice(["enc", "dec"]), "enc"), .optional("url", .bool, false)], base64),
    Transform(
      42, "uuid", "A UUID: v4 is fixed for the place and the execution, v5 is made of the value.",
      [.optional("version", .choice(["v4", "v5"]), "v4"), .optional("namespace", .text, "url")],
      seesMissing: true,
      isFunction: false, UUIDText.transform),
    Transform(
      42, "now", "When the execution began, in ISO 8601.", [], seesMissing: true, isFunction: false, now),
    Transform(42, "parseUrl", "The parts of a URL.", URLParts.transform),
    Transform(
      42, "parseCsv", "The records of CSV (RFC 4180): objects by the first record's names, or lists.",
      [.optional("header", .bool, true), .optional("sep", .character, ",")], CSV.parse),
    Transform(
      42, "toCsv", "Objects or lists as CSV; the first object's names are the first record.",
      [.optional("sep", .character, ",")], CSV.write),
    Transform(
      42, "phone", "A telephone number as + and digits; a national one gets the country's prefix.",
      [.optional("format", .choice(["e164"]), "e164"), .optional("country", .text)], Phone.transform),
    Transform(
      42, "email", "An address in lower case, or a part of it.",
      [.optional("part", .choice(["address", "local", "domain"]), "address")], email),
    Transform(
      42, "mask", "Stars for all but the last characters; never more than half is shown.",
      [.optional("keep", .integer(0...64), 4)], mask),
  ]

  @Sendable private static func hash(_ input: TransformInput) throws(TransformError) -> JSON? {
    let algorithm = DigestAlgorithm(rawValue: input.text(0)) ?? .sha256
    return .string(Hex.text(try digest(Array(try input.text().utf8), algorithm)))
  }

  static func digest(_ bytes: [UInt8], _ algorithm: DigestAlgorithm) throws(TransformError) -> [UInt8] {
    do {
      return try algorithm.digest(bytes)
    } catch {
      throw TransformError("the digest failed: \(error)")
    }
  }

  @Sendable private static func base64(_ input: TransformInput) throws(TransformError) -> JSON? {
    let base64: Base64 = input.bool(1) ? .urlSafe : .standard
    let text = Array(try input.text().utf8)
    if input.text(0) == "enc" { return .string(base64.text(text)) }
    guard let bytes = base64.decode(text) else { throw TransformError("the text is no base64") }
    guard let decoded = String(validating: bytes, as: UTF8.self) else {
      throw TransformError("what the base64 stands for is no UTF-8")
    }
    return .string(decoded)
  }

  @Sendable private static func now(_ input: TransformInput) throws(TransformError) -> JSON? {
    guard let now = input.surroundings.now else { throw TransformError("has a value in an execution only") }
    return .string(now)
  }

  @Sendable private static func email(_ input: TransformInput) throws(TransformError) -> JSON? {
    var text = try input.text().trimmed
    if let open = text.lastIndex(of: "<"), text.last == ">" {
      text = String(text[text.index(after: open)...].dropLast())
    }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), parts[1].first != ".",
      parts[1].last != ".",
      !text.contains(where: { $0.isWhitespace || $0 == "," || $0 == "<" || $0 == ">" })
    else { throw TransformError("the text is no e-mail address") }
    switch input.text(0) {
    case "local": return .string(String(parts[0]))
    case "domain": return .string(parts[1].lowercased())
    default: return .string(text.lowercased())
    }
  }

  @Sendable private static func mask(_ input: TransformInput) throws(TransformError) -> JSON? {
    guard let text = input.value?.scalarText else { throw input.wants("a string or a number") }
    let kept = min(input.int(0), text.count / 2)
    // A fixed number of stars tells nothing of the length.
    return .string("****" + text.suffix(kept))
  }
}
