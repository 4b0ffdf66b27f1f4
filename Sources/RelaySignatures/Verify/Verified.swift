package import RelayModel

/// What a verified request has proved.
package struct Verified: Sendable, Hashable {
  /// Which of the configured secrets or keys matched, from 0.
  package var keyIndex: Int
  /// The instant that the sender signed; nil where the scheme signs none.
  package var signedAt: Timestamp?
  /// The signature that matched; empty where the scheme has none.
  package var signature: [UInt8]
  /// Whether the signature covers a timestamp or an id, so that the same signature over the same body
  /// is the same delivery.
  package var coversDelivery: Bool

  package init(
    keyIndex: Int = 0, signedAt: Timestamp? = nil, signature: [UInt8] = [], coversDelivery: Bool = false
  ) {
    self.keyIndex = keyIndex
    self.signedAt = signedAt
    self.signature = signature
    self.coversDelivery = coversDelivery
  }
}
