package import RelayCrypto

/// What tells one delivery from another.
package struct DeliveryIdentity: Sendable, Hashable {
  private enum Source: Sendable, Hashable {
    /// An id that the request carries.
    case id(ArraySlice<UInt8>)
    /// The verified signature: it covers a timestamp or an id.
    case signature([UInt8])
    /// What the hook's `dedupe.key` gave.
    case key([UInt8])
  }

  private let source: Source
  /// Whether another body under the same identity is still the same delivery.
  private let ignoresBody: Bool

  /// - Parameter isUnique: the provider gives no other event this id, so that the same id over another
  ///   body (a counter of attempts in it, say) is the same event.
  init(id: ArraySlice<UInt8>, isUnique: Bool) {
    source = .id(id)
    ignoresBody = isUnique
  }

  init(signature: [UInt8]) {
    source = .signature(signature)
    ignoresBody = false
  }

  /// The identity that a hook's own `dedupe.key` gives, whatever the body.
  package init(key: [UInt8]) {
    source = .key(key)
    ignoresBody = true
  }

  /// The id for people, as the provider wrote it; nil where the identity is no id of the provider's.
  package var id: String? {
    if case .id(let bytes) = source { bytes.validText } else { nil }
  }

  /// The mark that the store keeps of an accepted delivery: 16 bytes of a SHA-256 over the hook, the
  /// identity and, unless the identity is unique, the body. Equal marks are duplicates.
  package func mark(hook: String, body: [UInt8]) throws(CryptoError) -> [UInt8] {
    let stream = try DigestStream(.sha256)
    let (kind, bytes) = tagged
    try stream.update(Self.head(kind, hook: hook, bytes).span)
    if !ignoresBody { try stream.update(body.span) }
    var mark = try stream.finish()
    mark.removeLast(mark.count - 16)
    return mark
  }

  private var tagged: (kind: UInt8, bytes: ArraySlice<UInt8>) {
    switch source {
    case .id(let bytes): (1, bytes)
    case .signature(let bytes): (2, bytes[...])
    case .key(let bytes): (3, bytes[...])
    }
  }

  /// Kind and lengths first, so that no two different identities give the same text.
  private static func head(_ kind: UInt8, hook: String, _ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var head: [UInt8] = []
    head.reserveCapacity(bytes.count + hook.utf8.count + 9)
    head.append(kind)
    for count in [hook.utf8.count, bytes.count] {
      for shift in stride(from: 24, through: 0, by: -8) {
        head.append(UInt8(truncatingIfNeeded: count >> shift))
      }
    }
    head.append(contentsOf: hook.utf8)
    head.append(contentsOf: bytes)
    return head
  }
}
