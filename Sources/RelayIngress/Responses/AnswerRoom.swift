internal import RelayHTTP
internal import RelayModel
internal import RelayStore
internal import RelayThreads
internal import Synchronization

/// Senders that wait for what a workflow answers: each gets the first answer that is on record, or the ordinary
/// one when its time is over, or when nothing runs any more that could answer.
///
/// A thread of its own keeps the times; it is started by the first who waits. What it is told comes from the
/// committer's thread in the order of commits, so that nobody's answer comes before he waits.
final class AnswerRoom: Sendable {
  /// Somebody who waits.
  struct Guest: Sendable {
    let exchange: Exchange
    let event: RecordKey
    var executions: Set<RecordKey>
    /// On the monotonic clock.
    let deadline: Duration
    /// The answer where no workflow gives one.
    let ordinary: HTTPResponse
    /// What every answer carries.
    let id: HTTPResponse.Field
  }

  private enum Input: Sendable {
    case guest(Guest)
    case answered(RecordKey, HookAnswer)
    case ended(RecordKey)
    case close
  }

  private let inbox = Inbox<Input>()
  private let time: any TimeSource
  private let isStarted = Atomic(false)

  init(time: any TimeSource) { self.time = time }

  deinit { inbox.put(.close) }

  /// The event is durable: its sender waits. The committer's thread.
  func admit(_ guest: Guest) {
    if !isStarted.exchange(true, ordering: .relaxed) {
      NamedThread("hook-answers") { [inbox, time] in Self.run(inbox, time) }.detach()
    }
    inbox.put(.guest(guest))
  }

  /// What a commit brought about. The committer's thread; costs nothing while nobody has ever waited.
  func tell(_ notices: [Notice]) {
    guard isStarted.load(ordering: .relaxed) else { return }
    for notice in notices {
      switch notice {
      case .answered(let event, let answer): inbox.put(.answered(event, answer))
      case .ended(let execution, _): inbox.put(.ended(execution))
      case .started, .due, .outbox, .cancelled, .accepted: break
      }
    }
  }

  // MARK: The thread

  private static func run(_ inbox: Inbox<Input>, _ time: any TimeSource) {
    var guests: [RecordKey: Guest] = [:]
    /// The event of each execution that may answer.
    var events: [RecordKey: RecordKey] = [:]
    func leave(_ event: RecordKey) -> Guest? {
      guard let guest = guests.removeValue(forKey: event) else { return nil }
      for execution in guest.executions { events[execution] = nil }
      return guest
    }
    while true {
      let next = guests.values.map(\.deadline).min()
      for input in inbox.wait(atMost: next.map { max($0 - time.elapsed(), .zero) }) {
        switch input {
        case .guest(let guest):
          guests[guest.event] = guest
          for execution in guest.executions { events[execution] = guest.event }
        case .answered(let event, let answer):
          if let guest = leave(event) { guest.exchange.answer(HTTPResponse(answer, guest.id)) }
        case .ended(let execution):
          guard let event = events.removeValue(forKey: execution) else { continue }
          guests[event]?.executions.remove(execution)
          if guests[event]?.executions.isEmpty == true, let guest = leave(event) {
            guest.exchange.answer(guest.ordinary)
          }
        case .close:
          for guest in guests.values { guest.exchange.answer(guest.ordinary) }
          return
        }
      }
      let now = time.elapsed()
      for guest in guests.values where guest.deadline <= now {
        _ = leave(guest.event)
        guest.exchange.answer(guest.ordinary)
      }
    }
  }
}

extension HTTPResponse {
  /// A workflow's answer, with the event's id. A field without a value is left out.
  fileprivate init(_ answer: HookAnswer, _ id: Field) {
    let fields = answer.headers.all.filter { !$0.value.isEmpty }.map { Field($0.name, $0.value) }
    self.init(status: answer.status, fields: fields + [id], body: answer.status == 204 ? [] : answer.body)
  }
}
