import RelayHTTP
import RelayModel

/// Somebody else's server, as it behaves today.
struct Server {
  enum Mood: CaseIterable {
    case healthy
    /// Everything that can go wrong with one request, now and then.
    case flaky
    /// 429 and 503, with or without `Retry-After`.
    case overloaded
    /// Answers, but late; often after the step's timeout.
    case slow
    /// Does the work, and the answer is lost.
    case lossy
    /// Refuses connections, or swallows requests.
    case down
  }

  /// What becomes of one request.
  struct Reply {
    var delay: Duration
    var result: Result<HTTPAnswer, TransferError>
    /// What it asks for, where the relay has to heed it.
    var retryAfter: Duration?
  }

  let destination: Destination
  var mood: Mood
  private let random: SeededRandom
  /// Rises with each answer, so that a step run twice would be seen in what follows it.
  private var served = 0

  init(_ number: Int, mood: Mood, _ random: SeededRandom) {
    destination = Destination(scheme: .https, host: .name("d\(number).example"), port: 443)
    self.mood = mood
    self.random = random
  }

  mutating func reply(to request: OutgoingRequest, wall: Timestamp) -> Reply {
    let delay = random.milliseconds(1...40)
    switch mood {
    case .healthy: return answer(200, request, after: delay)
    case .flaky: return flaky(request, delay, wall)
    case .overloaded:
      return random.chance(30) ? answer(200, request, after: delay) : busy(request, delay, wall)
    case .slow:
      let late = random.milliseconds(200...40_000)
      guard late < request.timeout else { return timeout(request) }
      return answer(random.pick([200, 200, 500]), request, after: late)
    case .lossy:
      return random.chance(40) ? answer(200, request, after: delay) : lost(request, delay)
    case .down:
      guard random.chance(70) else { return timeout(request) }
      return Reply(delay: delay, result: .failure(.connect(destination, message: "refused")))
    }
  }

  // MARK: Replies

  private mutating func flaky(_ request: OutgoingRequest, _ delay: Duration, _ wall: Timestamp) -> Reply {
    switch random.below(20) {
    case ..<8: return answer(random.pick([200, 201, 204]), request, after: delay)
    case ..<12: return answer(random.pick([500, 502, 503, 408, 425]), request, after: delay)
    case ..<14: return answer(random.pick([301, 400, 404, 404, 409]), request, after: delay)
    case ..<16: return busy(request, delay, wall)
    case ..<18: return lost(request, delay)
    default:
      let error: TransferError = random.pick([
        .resolve(host: "\(destination.host)", message: "no such name"),
        .garbled(destination, message: "no status line", .sent),
        .answerTooLarge(destination, limit: request.maxAnswer, .sent),
        .tls(destination, message: "expired"),
      ])
      return Reply(delay: delay, result: .failure(error))
    }
  }

  private mutating func busy(_ request: OutgoingRequest, _ delay: Duration, _ wall: Timestamp) -> Reply {
    var reply = answer(random.pick([429, 429, 503]), request, after: delay)
    guard random.chance(70), case .success(var answer) = reply.result else { return reply }
    let seconds = random.pick([0, 3, 45, 600])
    let isDate = random.chance(30)
    answer.headers.append(
      "Retry-After", isDate ? Self.httpDate(wall + delay + .seconds(seconds)) : "\(seconds)")
    // A date is judged by the wall clock at the answer, which may be set meanwhile.
    reply.retryAfter = isDate ? nil : .seconds(seconds)
    reply.result = .success(answer)
    return reply
  }

  private mutating func lost(_ request: OutgoingRequest, _ delay: Duration) -> Reply {
    served += 1
    let onKept = random.chance(40) && !request.needsFreshConnection
    return Reply(
      delay: delay,
      result: .failure(.reset(destination, message: "gone", onKept ? .sentOnKeptConnection : .sent)))
  }

  private func timeout(_ request: OutgoingRequest) -> Reply {
    let error = TransferError.timeout(destination, after: request.timeout, .sent)
    return Reply(delay: request.timeout, result: .failure(error))
  }

  private mutating func answer(_ status: Int, _ request: OutgoingRequest, after delay: Duration) -> Reply {
    served += 1
    let answer = HTTPAnswer(
      status: status, headers: HeaderFields([("Content-Type", "application/json")]),
      body: Array(#"{"token":\#(served)}"#.utf8), url: request.url)
    return Reply(delay: min(delay, request.timeout), result: .success(answer))
  }

  /// RFC 9110's preferred form; the day's name is nobody's business.
  private static func httpDate(_ instant: Timestamp) -> String {
    let text = Array(instant.rfc3339)
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let month = Int(String(text[5..<7])) ?? 1
    return "Mon, \(String(text[8..<10])) \(months[month - 1]) \(String(text[0..<4])) "
      + "\(String(text[11..<19])) GMT"
  }
}
