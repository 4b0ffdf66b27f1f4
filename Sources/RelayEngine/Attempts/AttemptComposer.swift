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
    var follow = 0
    let step = known.step
    switch step.verb {
    case .http(let call):
      try call.auth?.apply(to: &request, secrets: secrets)
      if call.follow { follow = Self.redirects }
    case .forward(let forward):
      if let signing = forward.sign {
        try signer.sign(&request, signing, secret: try secret(signing.secret), id: key, wall: wall)
      }
    case .set, .map, .wait, .switch, .forEach, .parallel, .run, .code, .respond, .stop, .fail: break
    }
    // A field of that name in the document would tell the destination two things.
    var headers = request.headers.all
    if request.headers.occurrences(IdempotencyKey.header) > 0 {
      headers.removeAll { $0.name.lowercased() == IdempotencyKey.header.lowercased() }
    }
    headers.append((IdempotencyKey.header, key))
    for field in trace where request.headers.occurrences(field.name) == 0 { headers.append(field) }
    return OutgoingRequest(
      method: request.method, url: request.url, headers: headers, body: request.body, timeout: step.timeout,
      maxAnswer: maxAnswer, follow: follow, hostIsLiteral: request.hostIsLiteral,
      needsFreshConnection: isFresh)
  }

  /// What hides the secrets that an attempt of `step` uses. A secret that cannot be had was not used.
  package func redaction(for step: ProgramStep?) -> Redaction {
    switch step?.step.verb {
    case .http(let call): redaction(call.auth?.secret)
    case .forward(let forward): redaction(forward.sign?.secret)
    case .set, .map, .wait, .switch, .forEach, .parallel, .run, .code, .respond, .stop, .fail, .none:
      Redaction()
    }
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
