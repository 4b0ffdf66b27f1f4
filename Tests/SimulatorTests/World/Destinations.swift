import RelayHTTP
import RelayModel

/// The network as the engine sees it: every request goes to a server that may misbehave, and its end comes
/// when its time has come.
///
/// Sendable because a run uses one thread.
final class Destinations: Transport, @unchecked Sendable {
  private struct Transfer {
    var number: UInt64
    var server: Int
    var endsAt: Duration
    var reply: Server.Reply
    var completion: Completion
  }

  private let time: VirtualTime
  private let oracle: Oracle
  private let sabotage: Sabotage?
  private(set) var servers: [Server]
  /// Those under way, by the instant of their end.
  private var open: [Transfer] = []
  /// For the planted fault that sends it again.
  private var last: OutgoingRequest?

  init(_ scenario: Scenario, _ time: VirtualTime, _ oracle: Oracle, _ sabotage: Sabotage?) {
    self.time = time
    self.oracle = oracle
    self.sabotage = sabotage
    let random = SeededRandom(scenario.seed, stream: "destinations")
    servers = (0..<scenario.destinations).map { Server($0, mood: random.pick(Server.Mood.allCases), random) }
  }

  // MARK: The engine's side

  func start(_ request: OutgoingRequest, completion: @escaping Completion) -> TransferToken {
    var request = request
    if sabotage == .changesBody { request.body += Array("\(oracle.requests.count)".utf8) }
    if sabotage == .sendsOldRequestsAgain, let last, last.url != request.url { _ = begin(last) { _ in } }
    last = request
    let token = begin(request, completion)
    if sabotage == .sendsTwice { _ = begin(request) { _ in } }
    return token
  }

  func cancel(_ token: TransferToken) {
    guard let index = open.firstIndex(where: { $0.number == token.number }) else { return }
    let transfer = open.remove(at: index)
    oracle.ended(transfer.number, .cancelled, retryAfter: nil)
    transfer.completion(.failure(.cancelled(.sent)))
  }

  func afterEachBatch(_ hook: @escaping @Sendable () -> Void) {}

  private func begin(_ request: OutgoingRequest, _ completion: @escaping Completion) -> TransferToken {
    let number = oracle.requests.nextNumber()
    let server = servers.firstIndex { request.url.hasPrefix("\($0.destination)/") } ?? 0
    oracle.sent(request, number: number, to: server)
    let reply = servers[server].reply(to: request, wall: time.now())
    let transfer = Transfer(
      number: number, server: server, endsAt: time.elapsed() + reply.delay, reply: reply,
      completion: completion)
    let index = open.firstIndex { $0.endsAt > transfer.endsAt } ?? open.count
    open.insert(transfer, at: index)
    return TransferToken(number: number)
  }

  // MARK: The world's side

  /// When the next request ends by itself.
  var nextEnd: Duration? { sabotage == .neverAnswers ? nil : open.first?.endsAt }

  /// Ends what has come to its end.
  func deliver() {
    guard sabotage != .neverAnswers else { return }
    while let transfer = open.first, transfer.endsAt <= time.elapsed() {
      open.removeFirst()
      oracle.ended(transfer.number, SeenAnswer(transfer.reply.result), retryAfter: transfer.reply.retryAfter)
      transfer.completion(told(transfer.reply.result))
    }
  }

  /// What the engine is told of an end.
  private func told(_ result: Result<HTTPAnswer, TransferError>) -> Result<HTTPAnswer, TransferError> {
    guard case .success(var answer) = result else { return result }
    if sabotage == .liesAboutAnswers { answer.status = 200 }
    if sabotage == .cutsRetryAfter, answer.headers.first("Retry-After") != nil {
      answer.headers = HeaderFields([("Retry-After", "1")])
    }
    return .success(answer)
  }

  /// The process died: nobody listens any more.
  func forgetAll() { open = [] }

  func setMood(_ mood: Server.Mood, of server: Int) { servers[server].mood = mood }

  func healAll() { for index in servers.indices { servers[index].mood = .healthy } }
}
