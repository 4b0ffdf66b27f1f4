internal import RelayCrypto
package import RelayHTTP
package import RelayModel
package import RelayWorkflow

/// Makes the request that goes out of the one that was rendered: with its `Idempotency-Key`, its
/// credentials and its signature, which are of this attempt alone and are kept nowhere.
package struct AttemptComposer: Sendable {
  private let secrets: any SecretSource
  private let signer = AttemptSigner()

  package init(secrets: any SecretSource) { self.secrets = secrets }

  /// How many redirects are followed where a step follows them at all.
  package static let redirects = 5

  /// The outgoing request. Throws where a secret cannot be had.
  ///
  /// - Parameter trace: fields that tell of the trace; those that the document writes are left as they are.
  package func compose(
    _ rendered: RenderedRequest, _ known: ProgramStep, execution: String, keyPath: String,
    trace: [(name: String, value: String)] = [], maxAnswer: ByteCount, isFresh: Bool, wall: Timestamp
  ) throws(StepError) -> OutgoingRequest {
    let key = try key(execution, keyPath)
    var request = rendered
    if let auth = known.auth { try auth.apply(to: &request, secrets: secrets) }
    if let signing = known.signing {
      try signer.sign(&request, signing, secret: try secret(signing.secret), id: key, wall: wall)
    }
    // A field of that name in the document would tell the destination two things.
    request.headers.removeAll(IdempotencyKey.header)
    request.headers.append(IdempotencyKey.header, key)
    for (name, value) in trace where request.headers.occurrences(name) == 0 {
      request.headers.append(name, value)
    }
    return OutgoingRequest(
      method: request.method, url: request.url, headers: request.headers, body: request.body,
      timeout: known.step.timeout, maxAnswer: maxAnswer, follow: known.follows ? Self.redirects : 0,
      hostIsLiteral: request.hostIsLiteral, needsFreshConnection: isFresh)
  }

  /// What hides the secrets that an attempt of `step` uses. A secret that cannot be had was not used.
  package func redaction(for step: ProgramStep?) -> Redaction {
    redaction(step?.auth?.secret ?? step?.signing?.secret)
  }

  private func redaction(_ reference: SecretReference?) -> Redaction {
    guard let reference else { return Redaction() }
    do {
      return Redaction(secrets: [try secrets.secret(reference)])
    } catch {
      return Redaction()
    }
  }

  private func secret(_ reference: SecretReference) throws(StepError) -> [UInt8] {
    do {
      return try secrets.secret(reference)
    } catch {
      throw StepError(.secret, "sign: \(error)")
    }
  }

  private func key(_ execution: String, _ path: String) throws(StepError) -> String {
    do {
      return try IdempotencyKey.text(execution: execution, step: path)
    } catch {
      throw StepError(.badValue, "the step's path could not be hashed: \(error)")
    }
  }
}
