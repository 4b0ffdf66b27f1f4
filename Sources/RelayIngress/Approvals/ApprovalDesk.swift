internal import RelayDocuments
internal import RelayHTTP
package import RelayModel
package import RelayStore
internal import RelayWorkflow

/// Reads the tokens of links under which people decide.
package protocol ApprovalTokenReader: Sendable {
  /// The execution and the step that ask; nil for what this relay has not made.
  func read(_ token: String) -> (execution: RecordKey, step: StepPath)?
}

/// `/approvals/{token}`: GET shows what is asked, so that whoever previews or scans a link decides nothing; only
/// POST decides, and only once.
///
/// The link is the right to decide: it is signed, and nobody is asked who they are.
package struct ApprovalDesk: Sendable {
  private let store: Store
  private let tokens: any ApprovalTokenReader
  private let time: any TimeSource

  static let prefix: StaticString = "/approvals/"
  /// The longest form.
  private static let bodyLimit = ByteCount.kibibytes(32)
  private static let nameBytes = 200
  private static let commentBytes = 8000

  package init(store: Store, tokens: any ApprovalTokenReader, time: any TimeSource) {
    self.store = store
    self.tokens = tokens
    self.time = time
  }

  func admit(_ head: borrowing RequestHead) -> Admission {
    guard ["GET", "HEAD", "POST"].contains(head.method) else {
      return .answer(IngressProblem.method(head.method, allowed: ["GET", "HEAD", "POST"]))
    }
    return .receive(limit: head.method == "POST" ? Self.bodyLimit : ByteCount(0))
  }

  func respond(to request: IncomingRequest, _ exchange: Exchange) -> HTTPResponse? {
    let reply = ApprovalReply(to: request)
    guard let (execution, step) = tokens.read(String(request.path.dropping(prefix: Self.prefix) ?? "")) else {
      return reply.unknown
    }
    guard request.method == "POST" else { return show(execution, step, reply) }
    switch decision(in: request) {
    case .failure(let refusal): return reply.refused(refusal.why)
    case .success(let decision): return decide(execution, step, decision, request.client, reply, exchange)
    }
  }

  private func show(_ execution: RecordKey, _ step: StepPath, _ reply: ApprovalReply) -> HTTPResponse {
    do throws(StoreError) {
      let look = try store.read { (snapshot) throws(StoreError) -> Look in
        Look(
          state: try snapshot.approval(execution, step),
          workflow: try snapshot.execution(execution)?.workflow ?? "")
      }
      return reply.shown(
        look.state,
        ApprovalAsker(workflow: look.workflow, execution: store.tag.id(.execution, execution)))
    } catch {
      return reply.failed
    }
  }

  private struct Look {
    let state: ApprovalState
    let workflow: String
  }

  private func decide(
    _ execution: RecordKey, _ step: StepPath, _ decision: ApprovalDecision, _ client: String,
    _ reply: ApprovalReply, _ exchange: Exchange
  ) -> HTTPResponse? {
    store.submit(Decide(execution: execution, step: step, decision: decision, client: client)) { answer in
      switch answer {
      case .success(.open): exchange.answer(reply.decided(decision.isApproved))
      case .success(let state): exchange.answer(reply.late(state))
      case .failure: exchange.answer(reply.failed)
      }
    }
    return nil
  }

  private struct Refusal: Error {
    let why: String
  }

  /// What a form, or a JSON object, says.
  private func decision(in request: IncomingRequest) -> Result<ApprovalDecision, Refusal> {
    let fields = BodyValue.read(request.body, contentType: request.headers.first("Content-Type"))
    let isApproved: Bool
    switch fields?["decision"]?.string {
    case "approve", "approved": isApproved = true
    case "reject", "rejected": isApproved = false
    default: return .failure(Refusal(why: "decision must be approve or reject"))
    }
    let (by, comment) = (text("by", fields), text("comment", fields))
    guard by?.utf8.count ?? 0 <= Self.nameBytes, comment?.utf8.count ?? 0 <= Self.commentBytes else {
      return .failure(
        Refusal(why: "a name has at most \(Self.nameBytes) bytes, a comment \(Self.commentBytes)"))
    }
    return .success(
      ApprovalDecision(isApproved: isApproved, by: by, comment: comment, at: time.now()))
  }

  private func text(_ name: String, _ fields: JSON?) -> String? {
    guard let text = fields?[name]?.string?.trimmingBlanks, !text.isEmpty else { return nil }
    return text
  }
}

/// Who asks.
struct ApprovalAsker {
  let workflow: String
  let execution: String
}
