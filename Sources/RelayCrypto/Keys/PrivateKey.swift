internal import COpenSSL

/// A private key to sign with: Ed25519, ECDSA P-256 or RSA. Used from any thread.
package final class PrivateKey: Sendable {
  package let kind: KeyKind
  private let handle: KeyHandle

  /// From unencrypted PEM: `PRIVATE KEY` (PKCS#8), `RSA PRIVATE KEY` or `EC PRIVATE KEY`.
  package init(pem text: [UInt8]) throws(CryptoError) {
    guard let block = PEM(text), block.label.hasSuffix("PRIVATE KEY") else {
      throw .unusableKey("no PEM block of a private key was found")
    }
    guard block.label != "ENCRYPTED PRIVATE KEY" else {
      throw .unusableKey("it is encrypted; give the plain key")
    }
    let key = unsafe block.der.withDERPointer { bytes, count in
      unsafe d2i_AutoPrivateKey(nil, bytes, count)
    }
    let handle = try unsafe KeyHandle(key, "private key")
    self.kind = try handle.checkedKind()
    self.handle = handle
  }

  /// The signature over `message`. Throws where the scheme wants another kind of key.
  package func sign(_ message: [UInt8], _ scheme: SignatureScheme) throws(CryptoError) -> [UInt8] {
    guard scheme.keyKind == kind else { throw .unusableKey("it is of another kind than the scheme's") }
    guard let context = unsafe EVP_MD_CTX_new() else { throw .failed(call: "EVP_MD_CTX_new") }
    defer { unsafe EVP_MD_CTX_free(context) }
    var keyContext: OpaquePointer?
    guard
      unsafe EVP_DigestSignInit(
        context, &keyContext, scheme.digest?.implementation, nil, handle.pointer) == 1
    else { throw .failed(call: "EVP_DigestSignInit") }
    if scheme.usesPSS, unsafe petrel_pkey_ctx_use_pss(keyContext) != 1 {
      throw .failed(call: "EVP_PKEY_CTX_set_rsa_padding")
    }
    var signature = [UInt8](repeating: 0, count: Int(unsafe EVP_PKEY_get_size(handle.pointer)))
    var count = signature.count
    guard unsafe EVP_DigestSign(context, &signature, &count, message, message.count) == 1 else {
      throw .failed(call: "EVP_DigestSign")
    }
    signature.removeLast(signature.count - count)
    guard scheme == .p256Raw else { return signature }
    guard let raw = DER.rawPair(signature, width: 32) else { throw .failed(call: "EVP_DigestSign") }
    return raw
  }

  /// The public half.
  package func publicKey() throws(CryptoError) -> PublicKey { try PublicKey(spki: handle.spki()) }
}
