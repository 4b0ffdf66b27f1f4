package import RelayCrypto

/// The value of `Idempotency-Key`: the same for every attempt of a step, and for no other step.
package enum IdempotencyKey {
  package static let header = "Idempotency-Key"

  /// `EXECUTION:STEP-PATH`, or its SHA-256 in hexadecimal where that has over 200 bytes.
  ///
  /// Throws only where OpenSSL cannot hash at all, which is a broken installation.
  package static func text(execution: String, step: String) throws(CryptoError) -> String {
    let whole = "\(execution):\(step)"
    guard whole.utf8.count > EngineBounds.keyLength else { return whole }
    return Hex.text(try DigestAlgorithm.sha256.digest(Array(whole.utf8)))
  }
}
