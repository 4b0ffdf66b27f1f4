internal import COpenSSL

/// The hash functions that webhook signatures are built on.
package enum DigestAlgorithm: String, Sendable, CaseIterable {
  case sha1, sha256, sha512

  /// The length of a digest.
  package var byteCount: Int {
    switch self {
    case .sha1: 20
    case .sha256: 32
    case .sha512: 64
    }
  }

  /// OpenSSL's name for it.
  var name: String {
    switch self {
    case .sha1: "SHA1"
    case .sha256: "SHA256"
    case .sha512: "SHA512"
    }
  }

  /// The implementation, fetched once: `EVP_sha256()` would look it up again in every use.
  var implementation: OpaquePointer? {
    switch self {
    case .sha1: unsafe Self.fetched.sha1
    case .sha256: unsafe Self.fetched.sha256
    case .sha512: unsafe Self.fetched.sha512
    }
  }

  private static let fetched = FetchedDigests()
}

/// `EVP_MD_fetch` for each algorithm. The objects are immutable and live as long as the process, so
/// that any thread may use them.
@safe private struct FetchedDigests: @unchecked Sendable {
  let sha1 = unsafe EVP_MD_fetch(nil, "SHA1", nil)
  let sha256 = unsafe EVP_MD_fetch(nil, "SHA256", nil)
  let sha512 = unsafe EVP_MD_fetch(nil, "SHA512", nil)
}
