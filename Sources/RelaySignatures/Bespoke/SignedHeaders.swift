internal import RelayCrypto
internal import RelayModel

/// The values that HTTP signatures may cover besides plain headers, and the digest header that ties
/// the body to them.
struct SignedHeaders {
  private var reader: RequestReader

  init(_ request: SignedRequest) { reader = RequestReader(request) }

  /// A header's value; the host falls back to the URL's.
  func value(_ name: String) throws(Refusal) -> String {
    if let value = try reader.header(name) { return value.text }
    var reader = reader
    if name == "host" { return reader.url.authority }
    throw Refusal(.missingHeader, "the header \(name), which is signed, is missing")
  }

  /// The URL that was called.
  var url: RequestURL {
    var reader = reader
    return reader.url
  }

  /// Throws unless one of the digests in `text` is the body's: `sha-256=…` (RFC 3230) or `sha-256=:…:`
  /// (RFC 9530).
  static func checkDigest(_ text: String, of body: [UInt8]) throws(Refusal) {
    for element in text.split(separator: ",") {
      let parts = element.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let algorithm = algorithm(parts[0]) else { continue }
      let value = String(parts[1].filter { $0 != ":" && $0 != " " })
      let digest: [UInt8]
      do {
        digest = try algorithm.digest(body)
      } catch {
        throw .undecidable(error)
      }
      guard let claimed = Base64.standard.decode(value.utf8), ConstantTime.equal(claimed, digest) else {
        throw Refusal(.noMatchingSignature, "the digest that was signed is not the body's")
      }
      return
    }
    throw Refusal(.malformedHeader, "the digest that was signed is of an unknown algorithm")
  }

  private static func algorithm(_ name: Substring) -> DigestAlgorithm? {
    switch name.filter({ $0 != " " }).lowercased() {
    case "sha-256": .sha256
    case "sha-512": .sha512
    default: nil
    }
  }

  /// `name="value"` and `name=123` pairs.
  static func parameters(_ text: some StringProtocol, separator: Character) -> [String: String] {
    var parameters: [String: String] = [:]
    for element in text.split(separator: separator) {
      let parts = element.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let name = String(parts[0].filter { $0 != " " })
      let value = [UInt8](String(parts[1]))[...].trimmingBlanks.text
      parameters[name] = value.filter { $0 != "\"" }
    }
    return parameters
  }
}

extension PublicKey {
  /// The schemes that HTTP signatures use with a key of this kind.
  var httpSignatureSchemes: [SignatureScheme] {
    switch kind {
    case .ed25519: [.ed25519]
    case .p256: [.p256Raw, .p256DER]
    case .rsa: [.rsaSHA256, .rsaPSSSHA256, .rsaSHA512]
    }
  }
}

extension [PublicKey] {
  /// Which key has signed `message`, by any scheme of its kind; nil where none has.
  func indexOfSigner(_ signature: [UInt8], _ message: [UInt8]) -> Int? {
    firstIndex { key in
      key.httpSignatureSchemes.contains { key.verifies(signature, over: message, $0) }
    }
  }
}
