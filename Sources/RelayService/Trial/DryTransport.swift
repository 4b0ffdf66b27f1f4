internal import RelayDocuments
internal import RelayEngine
internal import RelayHTTP
internal import RelayModel
internal import Synchronization

/// Sends nothing: every request is kept to be shown, and answered at once: as its step was answered in the
/// execution that is compared, else with 200 and an empty JSON object.
final class DryTransport: Transport {
  private let secrets: RememberedSecrets
  /// What steps were answered with, by their path in names: `{status, headers, body}`.
  private let recorded: [String: JSON]
  private let started = Mutex<[OutgoingRequest]>([])
  private let hooks = Mutex<[@Sendable () -> Void]>([])

  init(_ secrets: RememberedSecrets, recorded: [String: JSON]) {
    self.secrets = secrets
    self.recorded = recorded
  }

  /// What would have been sent, in order, without the secrets.
  var shown: [JSON] {
    let redaction = Redaction(secrets: secrets.used)
    return started.withLock { $0 }.map { Self.json($0, redaction) }
  }

  @discardableResult
  func start(_ request: OutgoingRequest, completion: @escaping Completion) -> TransferToken {
    let number = started.withLock { requests in
      requests.append(request)
      return UInt64(requests.count)
    }
    completion(.success(answer(to: request)))
    for hook in hooks.withLock({ $0 }) { hook() }
    return TransferToken(number: number)
  }

  func cancel(_ token: TransferToken) {}

  func afterEachBatch(_ hook: @escaping @Sendable () -> Void) { hooks.withLock { $0.append(hook) } }

  /// The step is named by the idempotency key, `EXECUTION:STEP-PATH`.
  private func answer(to request: OutgoingRequest) -> HTTPAnswer {
    let key = request.headers.first("Idempotency-Key") ?? ""
    let step = key.split(separator: ":", maxSplits: 1).last.map(String.init) ?? ""
    guard let output = recorded[step], let status = output["status"]?.int else {
      return HTTPAnswer(
        status: 200, headers: HeaderFields([("Content-Type", "application/json")]), body: Array("{}".utf8),
        url: request.url)
    }
    let headers = (output["headers"]?.object?.members ?? []).map { ($0.name, $0.value.string ?? "") }
    let body = output["body"].map { $0.string.map { Array($0.utf8) } ?? $0.serialized() } ?? []
    return HTTPAnswer(status: status, headers: HeaderFields(headers), body: body, url: request.url)
  }

  private static func json(_ request: OutgoingRequest, _ redaction: Redaction) -> JSON {
    let headers = request.headers.all.map { name, value in
      (
        name: name,
        value: JSON.string(Redaction.hides(header: name) ? Redaction.mark : redaction.shown(value))
      )
    }
    return [
      "method": .string(request.method), "url": .string(redaction.shown(request.url)),
      "headers": .object(JSONObject(headers)),
      "body": JSON(redaction.shown(body: request.body, limit: 1 << 20) ?? "(\(request.body.count) bytes)"),
    ]
  }
}

/// Secrets that remember which of them were used, so that they can be hidden in what is shown.
final class RememberedSecrets: SecretSource {
  private let source: any SecretSource
  /// Whether something stands in for a secret that cannot be had: nothing is sent with it.
  private let standsIn: Bool
  private let given = Mutex<[[UInt8]]>([])

  init(_ source: any SecretSource, standsIn: Bool) {
    self.source = source
    self.standsIn = standsIn
  }

  var used: [[UInt8]] { given.withLock { $0 } }

  func secret(_ reference: SecretReference) throws(SecretError) -> [UInt8] {
    let bytes = try resolved(reference)
    given.withLock { if !$0.contains(bytes) { $0.append(bytes) } }
    return bytes
  }

  private func resolved(_ reference: SecretReference) throws(SecretError) -> [UInt8] {
    do throws(SecretError) {
      return try source.secret(reference)
    } catch {
      guard standsIn else { throw error }
      return Array("a-secret-that-is-not-here".utf8)
    }
  }
}
