internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel

/// eBay: ECDSA with SHA-1 over the body; the header is base64 of a JSON object with the signature and
/// the id of its key. Keys are given as `public_key`, or under their ids as `certificates`.
struct EBayScheme: Scheme {
  private static let header = "X-EBAY-SIGNATURE"
  private let keys: [PublicKey]
  private let keysByID: [String: PublicKey]

  init(_ configuration: VerifyConfiguration) throws(SignatureError) {
    keysByID = try CertificateStore.keys(configuration)
    keys =
      configuration.publicKeys.isEmpty && !keysByID.isEmpty ? [] : try configuration.requiredPublicKeys()
  }

  func verify(_ request: SignedRequest, at now: Timestamp) throws(Refusal) -> Verified {
    var reader = RequestReader(request)
    let value = try reader.required(.header(Self.header))
    guard let envelope = Self.envelope(value), let text = envelope["signature"]?.string,
      let signature = Base64.standard.decode(text.utf8)
    else { throw Refusal(.malformedHeader, "the header \(Self.header) is no signature of eBay's") }
    let named = envelope["kid"]?.string.flatMap { keysByID[$0] }
    let scheme: SignatureScheme = envelope["digest"]?.string == "SHA256" ? .p256DER : .p256SHA1DER
    let candidates = named.map { [$0] } ?? keys
    guard !candidates.isEmpty else {
      throw Refusal(.unknownSource, "the key that the header \(Self.header) names is not configured")
    }
    guard let index = candidates.firstIndex(where: { $0.verifies(signature, over: request.body, scheme) })
    else {
      throw Refusal(.noMatchingSignature, "the signature of the header \(Self.header) does not match")
    }
    return Verified(keyIndex: index, signature: signature)
  }

  private static func envelope(_ value: ArraySlice<UInt8>) -> JSON? {
    guard let bytes = Base64.standard.decode(value) else { return nil }
    do {
      return try JSON.parse(bytes)
    } catch {
      return nil
    }
  }
}
