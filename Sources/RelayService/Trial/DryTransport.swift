internal import RelayDocuments
internal import RelayEngine
internal import RelayHTTP
internal import RelayModel
internal import Synchronization

/// Sends nothing: every request is kept to be shown, and answered at once with 200 and an empty JSON object.
final class DryTransport: Transport {
  private let secrets: RememberedSecrets
  private let started = Mutex<[OutgoingRequest]>([])
  private let hooks = Mutex<[@Sendable () -> Void]>([])

  init(_ secrets: RememberedSecrets) { self.secrets = secrets }

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
    completion(
      .success(
        HTTPAnswer(
          status: 200, headers: HeaderFields([("Content-Type", "application/json")]), body: Array("{}".utf8),
          url: request.url)))
    for hook in hooks.withLock({ $0 }) { hook() }
    return TransferToken(number: number)
  }

  func cancel(_ token: TransferToken) {}

  func afterEachBatch(_ hook: @escaping @Sendable () -> Void) { hooks.withLock { $0.append(hook) } }

  private static func json(_ request: OutgoingRequest, _ redaction: Redaction) -> JSON {
    let headers = request.headers.map { name, value in
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
  private let given = Mutex<[[UInt8]]>([])

  init(_ source: any SecretSource) { self.source = source }

  var used: [[UInt8]] { given.withLock { $0 } }

  func secret(_ reference: SecretReference) throws(SecretError) -> [UInt8] {
    let bytes = try source.secret(reference)
    given.withLock { if !$0.contains(bytes) { $0.append(bytes) } }
    return bytes
  }
}
