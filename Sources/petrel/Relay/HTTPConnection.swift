internal import RelayDocuments
internal import RelayHTTP
internal import RelayModel
internal import RelayService
internal import RelayThreads

/// The admin API over the relay's socket, or over the network.
struct HTTPConnection: RelayConnection {
  enum Place {
    /// Of the relay that runs on this configuration.
    case socket(String, config: String)
    case url(String, token: String?)
  }

  private let place: Place
  private let client: HTTPClient

  init(_ place: Place) throws(CommandFailure) {
    self.place = place
    if case .socket(let path, let config) = place, !LocalFile.exists(path) {
      throw CommandFailure(
        .unreachable, "no relay runs on this data folder: there is no \(path)",
        hints: Self.hints(config) + ["A stopped one's folder? --offline"])
    }
    do throws(TransferError) {
      client = try HTTPClient(ClientConfiguration(), time: SystemTime())
    } catch {
      throw CommandFailure(.io, "no connection can be made: \(error.message)")
    }
  }

  func ask(_ method: String, _ target: String, _ body: JSON?) throws(CommandFailure) -> JSON {
    let answer = try send(request(method, target, body))
    let json = Self.json(answer.body)
    guard (200..<300).contains(answer.status) else {
      throw CommandFailure(status: answer.status, problem: json)
    }
    return json
  }

  private func request(_ method: String, _ target: String, _ body: JSON?) -> OutgoingRequest {
    var headers = HeaderFields(body == nil ? [] : [("Content-Type", "application/json")])
    let timeout = Duration.seconds(300)
    switch place {
    case .socket(let path, _):
      return OutgoingRequest(
        method: method, url: "http://localhost\(target)", headers: headers, body: body?.serialized() ?? [],
        timeout: timeout, maxAnswer: .mebibytes(256), hostIsLiteral: true, unixSocket: path)
    case .url(let url, let token):
      if let token { headers.append("Authorization", "Bearer \(token)") }
      var base = url[...]
      while base.hasSuffix("/") { base = base.dropLast() }
      return OutgoingRequest(
        method: method, url: base + target, headers: headers, body: body?.serialized() ?? [],
        timeout: timeout, maxAnswer: .mebibytes(256), hostIsLiteral: true)
    }
  }

  private func send(_ request: OutgoingRequest) throws(CommandFailure) -> HTTPAnswer {
    let answers = Inbox<Result<HTTPAnswer, TransferError>>()
    client.start(request) { answers.put($0) }
    var answer: Result<HTTPAnswer, TransferError>?
    while answer == nil { answer = answers.wait(atMost: nil).first }
    switch answer {
    case .success(let answer): return answer
    case .failure(let error): throw failure(error)
    case nil: throw CommandFailure(.defect, "the client gave no answer")
    }
  }

  private func failure(_ error: TransferError) -> CommandFailure {
    switch (error, place) {
    case (.badURL, _), (.badRequest, _): CommandFailure(.usage, error.message)
    case (_, .socket(let path, let config)):
      CommandFailure(
        .unreachable, "cannot reach the relay at \(path): \(error.message)", hints: Self.hints(config))
    case (_, .url(let url, _)):
      CommandFailure(
        .unreachable, "cannot reach the relay at \(url): \(error.message)",
        hints: ["Is it running there?   petrel status", "Another address?       --url URL, or PETREL_URL"])
    }
  }

  private static func hints(_ config: String) -> [String] {
    [
      "Is it running?     petrel serve --config \(config)   or   systemctl status petrel",
      "Another relay?     --config FILE, or --url URL with PETREL_TOKEN",
    ]
  }

  private static func json(_ bytes: [UInt8]) -> JSON {
    do {
      return bytes.isEmpty ? .null : try JSON.parse(bytes, maxDepth: 256)
    } catch {
      return .null
    }
  }
}
