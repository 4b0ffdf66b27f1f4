/// What people may see of an attempt: no credential, no signature, and no more than a bounded part of a
/// body. Where in doubt, it hides.
package struct Redaction: Sendable {
  /// What stands in the place of what is hidden.
  package static let mark = "[redacted]"

  /// The secrets that the attempt used, to be hidden wherever they turn up, also in what was answered.
  private let secrets: [[UInt8]]

  package init(secrets: [[UInt8]] = []) { self.secrets = secrets.filter { !$0.isEmpty } }

  /// True for fields whose value is, or is likely to be, a credential or a signature.
  package static func hides(header name: String) -> Bool {
    let name = name.lowercased()
    return hiddenNames.contains(name) || hiddenParts.contains { name.contains($0) }
  }

  private static let hiddenNames: Set<String> = ["cookie", "set-cookie", "x-amz-content-sha256"]
  private static let hiddenParts = [
    "auth", "token", "secret", "signature", "password", "api-key", "apikey", "credential", "hmac",
  ]

  /// `text` with every secret replaced, cut to `limit` bytes.
  package func shown(_ text: String, limit: Int = .max) -> String {
    if secrets.isEmpty && text.utf8.count <= limit { return text }
    return String(decoding: shown(Array(text.utf8)[...], limit: limit), as: UTF8.self)
  }

  /// The beginning of `body`: text with its secrets replaced. Nil where it is no text.
  ///
  /// A secret that the cut would split is hidden whole, so that no part of it is left at the end.
  package func shown(body: [UInt8], limit: Int = EngineBounds.shownBody) -> String? {
    let longest = secrets.map(\.count).max() ?? 0
    let part = shown(limit < body.count ? body.prefix(limit + longest) : body[...], limit: limit)
    return String(validating: wholeCharacters(part), as: UTF8.self)
  }

  private func shown(_ bytes: ArraySlice<UInt8>, limit: Int) -> [UInt8] {
    var kept: [UInt8] = []
    kept.reserveCapacity(min(bytes.count, limit))
    var position = bytes.startIndex
    while position < bytes.endIndex, kept.count < limit {
      if let secret = secrets.first(where: { bytes[position...].starts(with: $0) }) {
        kept.append(contentsOf: Self.mark.utf8)
        position += secret.count
      } else {
        kept.append(bytes[position])
        position += 1
      }
    }
    return kept
  }

  /// Without the beginning of a character that was cut at the end.
  private func wholeCharacters(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var end = bytes.endIndex
    var continuation = 0
    while end > 0, bytes[end - 1] & 0xC0 == 0x80, continuation < 3 {
      end -= 1
      continuation += 1
    }
    guard end > 0, let needed = Self.continuations(after: bytes[end - 1]) else { return bytes[...] }
    return needed == continuation ? bytes[...] : bytes[..<(end - 1)]
  }

  /// How many bytes follow the first of a character; nil for one that begins none.
  private static func continuations(after first: UInt8) -> Int? {
    switch first {
    case ..<0x80: 0
    case 0xC0..<0xE0: 1
    case 0xE0..<0xF0: 2
    case 0xF0...: 3
    default: nil
    }
  }
}
