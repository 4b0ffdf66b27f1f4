internal import RelayCrypto
internal import RelayDocuments

extension VerifyConfiguration {
  /// The secrets; throws where there is none.
  func requiredSecrets() throws(SignatureError) -> [[UInt8]] {
    guard !secrets.isEmpty else { throw .configuration(member: "secret", why: "is missing") }
    return secrets
  }

  /// The public keys, of `public_key` and of the key sets; throws where there is none.
  func requiredPublicKeys() throws(SignatureError) -> [PublicKey] {
    var keys: [PublicKey] = []
    for text in publicKeys { keys.append(try Self.publicKey(text)) }
    for key in webKeys { keys.append(try JSONWebKey(key).key) }
    guard !keys.isEmpty else {
      throw .configuration(member: "public_key", why: "is missing (or jwks)")
    }
    return keys
  }

  /// A key as providers print them: PEM, or the bare key or its DER form in hex or base64.
  private static func publicKey(_ text: [UInt8]) throws(SignatureError) -> PublicKey {
    do throws(CryptoError) {
      if text.starts(with: "-----BEGIN".utf8) { return try PublicKey(pem: text) }
      let bare = text[...].trimmingBlanks.filter { $0 != 10 && $0 != 13 }
      guard let bytes = Hex.decode(bare) ?? Base64.standard.decode(bare) ?? Base64.urlSafe.decode(bare) else {
        throw CryptoError.unusableKey("it is neither PEM nor base64 nor hexadecimal")
      }
      return [32, 33, 65].contains(bytes.count) ? try PublicKey(raw: bytes) : try PublicKey(spki: bytes)
    } catch {
      throw .key(member: "public_key", error)
    }
  }
}
