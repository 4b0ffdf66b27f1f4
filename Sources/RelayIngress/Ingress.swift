internal import RelayCrypto
package import RelayHTTP
package import RelayModel
internal import RelaySignatures
package import RelayStore
internal import Synchronization

/// What the hook interface asks of the rest of the process. Called on loop threads: nothing may block.
package protocol IngressSurroundings: Sendable {
  /// The answer to `/healthz` and `/readyz`; nil for another path.
  func probe(_ path: Substring) -> HTTPResponse?
  /// Puts a secret that a provider handed over into the vault as the hook's, then calls back from any
  /// thread with whether it is durable.
  func capture(_ secret: [UInt8], hook: String, completion: @escaping @Sendable (Bool) -> Void)
  /// Fetches the URL that confirms a subscription.
  func confirm(_ url: String, hook: String)
}

/// The hook interface: route, verify, match, commit, answer.
///
/// An answer of 2xx for an event is given on the committer's thread, after the commit that made it
/// durable. Everything before it runs on the loop thread that received the request.
package final class Ingress: Responder {
  private let store: Store
  private let limiter: RateLimiter
  private let judge: EventJudge
  private let approvals: ApprovalDesk?
  private let answers: AnswerRoom
  private let tracing: Tracing?
  private let time: any TimeSource
  private let log: any Log
  private let surroundings: any IngressSurroundings
  private let catalog: Mutex<IngressCatalog>
  private let isDraining = Atomic<Bool>(false)
  package let tally = IngressTally()

  /// Refused requests that one hook may add to the ring in a second: what is more is counted only, so that
  /// strangers cannot make the disk busy.
  private static let keptRefusals = RateLimiter.Limit(requests: 20, per: .seconds(1))

  package init(
    catalog: IngressCatalog, store: Store, limiter: RateLimiter, judge: EventJudge = EventJudge(),
    approvals: ApprovalDesk? = nil, tracing: Tracing? = nil, time: any TimeSource, log: any Log,
    surroundings: any IngressSurroundings
  ) {
    self.catalog = Mutex(catalog)
    self.store = store
    self.limiter = limiter
    self.judge = judge
    self.approvals = approvals
    self.tracing = tracing
    let answers = AnswerRoom(time: time)
    self.answers = answers
    store.onCommit { [weak answers] in answers?.tell($0) }
    self.time = time
    self.log = log
    self.surroundings = surroundings
  }

  /// Any thread: requests that come from now on are judged by `new`.
  package func replace(_ new: IngressCatalog) { catalog.withLock { $0 = new } }

  package var current: IngressCatalog { catalog.withLock { $0 } }

  /// Any thread: refuses new requests with 503 from now on.
  package func beginDraining() { isDraining.store(true, ordering: .relaxed) }

  package func admit(_ head: borrowing RequestHead) -> Admission {
    let path = head.path
    if let probe = surroundings.probe(path) { return .answer(probe) }
    if let approvals, path.dropping(prefix: ApprovalDesk.prefix) != nil { return approvals.admit(head) }
    switch route(path, current) {
    case .failure(let refusal): return .answer(refusal.response)
    case .success(let listed):
      if let refusal = refuses(listed, method: head.method) { return .answer(refusal) }
      return .receive(limit: listed.hook.bodyLimit)
    }
  }

  package func respond(to request: IncomingRequest, exchange: Exchange) -> HTTPResponse? {
    let catalog = current
    var request = request
    if !catalog.trustedProxies.isEmpty {
      request.client = ClientAddress(trusted: catalog.trustedProxies)
        .resolve(peer: request.client, headers: request.headers)
    }
    if let approvals, request.path.dropping(prefix: ApprovalDesk.prefix) != nil {
      return approvals.respond(to: request, exchange)
    }
    switch route(request.path, catalog) {
    case .failure(let refusal): return refusal.response
    case .success(let listed):
      return judge(request, Acceptance(catalog: catalog, listed: listed), exchange)
    }
  }

  private struct Refused: Error {
    let response: HTTPResponse
  }

  private func route(_ path: Substring, _ catalog: IngressCatalog) -> Result<ListedHook, Refused> {
    guard let name = path.dropping(prefix: "/hooks/") else {
      return .failure(Refused(response: IngressProblem.notFound))
    }
    guard let listed = catalog.hook(named: name) else {
      tally.count(.unknownSource, hook: "")
      return .failure(Refused(response: IngressProblem.unknownHook(String(name))))
    }
    return .success(listed)
  }

  private func refuses(_ listed: ListedHook, method: String) -> HTTPResponse? {
    let name = listed.hook.name
    guard listed.hook.enabled else {
      tally.count(.sourceDisabled, hook: name)
      return IngressProblem.disabled(name)
    }
    guard listed.methods.contains(method) else {
      tally.count(.methodNotAllowed, hook: name)
      return IngressProblem.method(method, allowed: listed.methods)
    }
    guard !isDraining.load(ordering: .relaxed) else { return IngressProblem.draining }
    guard let limit = listed.hook.rateLimit, let seconds = limiter.take(name, limit) else { return nil }
    return IngressProblem.rateLimited(retryAfter: seconds)
  }

  private func judge(
    _ request: IncomingRequest, _ acceptance: Acceptance, _ exchange: Exchange
  ) -> HTTPResponse? {
    let listed = acceptance.listed
    let signed = acceptance.catalog.signedRequest(request, for: listed.hook)
    if let challenge = listed.answer(to: signed, isVerified: false) {
      return answer(challenge, listed.hook.name, exchange)
    }
    do throws(Refusal) {
      let verified = try verify(signed, listed, at: request.receivedAt)
      if let challenge = listed.answer(to: signed, isVerified: true) {
        return answer(challenge, listed.hook.name, exchange)
      }
      guard request.method == "POST" else {
        return IngressProblem.method(request.method, allowed: ["POST"])
      }
      return accept(request, signed, verified, acceptance, exchange)
    } catch {
      return refuse(request, error, listed)
    }
  }

  private func verify(
    _ signed: SignedRequest, _ listed: ListedHook, at now: Timestamp
  ) throws(Refusal) -> Verified {
    guard let verifier = listed.hook.gate.verifier else {
      throw Refusal(.noMatchingSignature, "this hook has no secret yet: its provider hands one over first")
    }
    return try verifier.verify(signed, at: now)
  }

  private func accept(
    _ request: IncomingRequest, _ signed: SignedRequest, _ verified: Verified, _ acceptance: Acceptance,
    _ exchange: Exchange
  ) -> HTTPResponse? {
    let enqueue: Enqueue
    do throws(CryptoError) {
      enqueue = try acceptance.enqueue(
        request, signed, verified, now: time.now(), waits: store.waits(on: acceptance.listed.hook.name),
        judge: judge)
    } catch {
      log.error("a delivery's mark cannot be computed", .text("why", String(describing: error)))
      return IngressProblem.notDurable(.unusable(path: "libcrypto", why: "no digest"))
    }
    let fixed = acceptance.listed.hook.gate.handshake.acceptedAnswer(for: signed)
    let arrival = tracing.flatMap { Arrival($0, request, acceptance.listed.hook.name, store.tag) }
    let responder = AcceptedResponse(tag: store.tag, answer: acceptance.listed.hook.answer, fixed: fixed)
    let began = time.elapsed()
    let patience = acceptance.listed.hook.respondTimeout.map { (began + $0, answers) }
    store.submit(consume enqueue) { [time, tally] result in
      switch result {
      case .success(let answer):
        let took = time.elapsed() - began
        tally.acknowledged(after: took)
        arrival?.tell(answer, took: took)
        let response = responder.response(
          event: answer.event, executions: answer.executions, duplicate: answer.duplicate)
        guard let (deadline, answers) = patience, !answer.duplicate, !answer.executions.isEmpty else {
          return exchange.answer(response)
        }
        answers.admit(
          AnswerRoom.Guest(
            exchange: exchange, event: answer.event, executions: Set(answer.executions), deadline: deadline,
            ordinary: response, id: responder.id(of: answer.event)))
      case .failure(let error): exchange.answer(IngressProblem.notDurable(error))
      }
    }
    return nil
  }

  private func refuse(_ request: IncomingRequest, _ refusal: Refusal, _ listed: ListedHook) -> HTTPResponse {
    let name = listed.hook.name
    tally.count(refusal.code, hook: name)
    if limiter.take("refusals of \(name)", Self.keptRefusals) == nil {
      let record = RejectedRecord(
        hook: name, code: refusal.code, detail: refusal.detail, request: request)
      store.submit(Reject(record: record, now: time.now())) { [log] result in
        if case .failure(let error) = result {
          log.warning("a refused request was not kept", .text("why", error.message))
        }
      }
    }
    if let fixed = listed.hook.gate.handshake.refusedAnswer { return HTTPResponse(fixed) }
    return IngressProblem.refused(refusal)
  }

  private func answer(
    _ challenge: HandshakeAnswer, _ hook: String, _ exchange: Exchange
  ) -> HTTPResponse? {
    if let note = challenge.note {
      log.warning("a handshake needs attention", .text("hook", hook), .text("note", note))
    }
    if let url = challenge.confirmation { surroundings.confirm(url, hook: hook) }
    let response = HTTPResponse(challenge)
    guard let secret = challenge.capturedSecret else { return response }
    surroundings.capture(secret, hook: hook) { isDurable in
      exchange.answer(isDurable ? response : IngressProblem.notDurable(.full("the vault took no secret")))
    }
    return nil
  }
}

extension HTTPResponse {
  init(_ answer: HandshakeAnswer) {
    self.init(
      status: answer.status, fields: answer.headers.map { Field($0.name, $0.value) }, body: answer.body)
  }

  init(_ answer: FixedAnswer) {
    self.init(
      status: answer.status, fields: answer.headers.map { Field($0.name, $0.value) }, body: answer.body ?? [])
  }
}
