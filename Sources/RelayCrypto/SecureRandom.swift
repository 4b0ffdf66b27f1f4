internal import COpenSSL
internal import RelayModel

/// The machine's random numbers, fit for keys, tokens and nonces (`RAND_bytes`).
package struct SecureRandom: RandomSource {
  package init() {}

  /// `count` random bytes. Stops the process when the machine has no entropy to give: nothing that
  /// needs a secret number may go on without one.
  package func bytes(_ count: Int) -> [UInt8] {
    precondition(count >= 0 && count <= 1 << 20, "random bytes are drawn a mebibyte at most")
    var bytes = [UInt8](repeating: 0, count: count)
    let drawn = unsafe RAND_bytes(&bytes, Int32(count))
    precondition(drawn == 1, "the machine gives no random numbers (RAND_bytes)")
    return bytes
  }

  package func bits() -> UInt64 { bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
