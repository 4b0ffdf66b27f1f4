internal import RelayDocuments
internal import RelayModel
internal import RelaySignatures
internal import RelayWorkflow
internal import Synchronization

/// Signs what is forwarded, as the step's `sign` says. Signers are built once for each secret and scheme:
/// that reads a preset and prepares a key.
final class AttemptSigner: Sendable {
  private struct Prepared: Sendable {
    var scheme: JSON
    var secret: [UInt8]
    var signer: Signer
  }

  /// The last ones used, the newest last.
  private let prepared = Mutex<[Prepared]>([])
  private static let kept = 32

  /// Adds the headers of a valid signature, in place of others of their names.
  ///
  /// - Parameter id: of the delivery, for schemes that sign one: the same for every attempt.
  func sign(
    _ request: inout RenderedRequest, _ signing: Signing, secret: [UInt8], id: String, wall: Timestamp
  )
    throws(StepError)
  {
    do {
      let signer = try signer(signing, secret)
      let signed = try signer.sign(
        SignedRequest(method: request.method, url: request.url, headers: request.headers, body: request.body),
        at: wall, id: id)
      for header in signed { request.headers.removeAll(header.name) }
      for header in signed { request.headers.append(header.name, header.value) }
    } catch {
      throw StepError(.secret, "sign: \(error)")
    }
  }

  private func signer(_ signing: Signing, _ secret: [UInt8]) throws(SignatureError) -> Signer {
    let scheme = signing.scheme.json
    let known = prepared.withLock { prepared in
      prepared.last { $0.secret == secret && $0.scheme == scheme }?.signer
    }
    if let known { return known }
    var verify = scheme.object ?? JSONObject()
    verify["secret"] = .string("of the step")
    let signer = try Signer(
      VerifyConfiguration(.object(verify)) { (member: String, text: String) throws(SecretError) in
        member == "secret" ? secret : Array(text.utf8)
      })
    prepared.withLock { prepared in
      if prepared.count >= Self.kept { prepared.removeFirst() }
      prepared.append(Prepared(scheme: scheme, secret: secret, signer: signer))
    }
    return signer
  }
}
