internal import RelayCrypto
internal import RelayModel

/// Signs as draft-cavage-http-signatures has it: target, host, date and digest.
struct HTTPSignaturesSigner: SchemeSigner {
  let key: PrivateKey
  let header: String

  func sign(_ request: SignedRequest, at now: Timestamp, id: String) throws(SignatureError) -> [Signer.Header]
  {
    let url = RequestURL(request.url)
    guard !url.authority.isEmpty else { throw .needsURL }
    let digest = "sha-256=" + (try request.bodyDigest())
    let message = """
      (request-target): \(request.method.lowercased()) \(url.target)
      host: \(url.authority)
      date: \(now.httpDate)
      digest: \(digest)
      """
    let parameters = [
      "keyid=\"petrel\"", "algorithm=\"\(key.kind == .ed25519 ? "ed25519" : "hs2019")\"",
      "signature=\"\(try key.httpSignature(message))\"", "headers=\"(request-target) host date digest\"",
    ]
    return [
      ("Host", url.authority), ("Date", now.httpDate), ("Digest", digest),
      (header, parameters.joined(separator: ",")),
    ]
  }
}

/// Signs by RFC 9421: the body's digest.
struct HTTPMessageSignaturesSigner: SchemeSigner {
  let key: PrivateKey

  func sign(_ request: SignedRequest, at now: Timestamp, id: String) throws(SignatureError) -> [Signer.Header]
  {
    let digest = "sha-256=:\(try request.bodyDigest()):"
    let parameters = "(\"content-digest\");created=\(now.seconds);keyid=\"petrel\""
    let message = """
      "content-digest": \(digest)
      "@signature-params": \(parameters)
      """
    return [
      ("Content-Digest", digest), ("Signature-Input", "sig1=\(parameters)"),
      ("Signature", "sig1=:\(try key.httpSignature(message)):"),
    ]
  }
}

extension SignedRequest {
  /// Base64 of the body's SHA-256.
  fileprivate func bodyDigest() throws(SignatureError) -> String {
    do {
      return Base64.standard.text(try DigestAlgorithm.sha256.digest(body))
    } catch {
      throw .cannotSign("\(error)")
    }
  }
}

extension PrivateKey {
  /// The base64 signature over `message` by the scheme that HTTP signatures use with this kind of key.
  fileprivate func httpSignature(_ message: String) throws(SignatureError) -> String {
    let scheme: SignatureScheme =
      switch kind {
      case .ed25519: .ed25519
      case .p256: .p256Raw
      case .rsa: .rsaSHA256
      }
    do {
      return Base64.standard.text(try sign([UInt8](message), scheme))
    } catch {
      throw .key(member: "secret", error)
    }
  }
}
