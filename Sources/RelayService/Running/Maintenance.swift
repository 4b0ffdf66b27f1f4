internal import RelayModel
internal import RelayStore
internal import RelayThreads
internal import Synchronization

/// Deletes what retention allows and keeps the outbox within its bounds: a pass a minute, in bounded commits
/// that share the committer with everybody else's.
final class Maintenance: Sendable {
  private enum Message: Sendable {
    case retention(Retention)
    case stop
  }

  static let interval = Duration.seconds(60)

  private let store: Store
  private let time: any TimeSource
  private let log: any Log
  private let inbox = Inbox<Message>()
  private let retention: Mutex<Retention>

  init(
    store: Store, retention: Retention, time: any TimeSource, log: any Log
  ) {
    self.store = store
    self.retention = Mutex(retention)
    self.time = time
    self.log = log
  }

  /// Runs until `stop`, on the calling thread.
  func run() {
    while true {
      for message in inbox.wait(atMost: Self.interval) {
        switch message {
        case .retention(let new): retention.withLock { $0 = new }
        case .stop: return
        }
      }
      do throws(StoreError) {
        try runOnce()
      } catch {
        log.warning("a pass of retention ended early", .text("why", error.message))
      }
    }
  }

  /// One pass; answers what it deleted.
  @discardableResult
  func runOnce() throws(StoreError) -> SweepAnswer {
    let rule = retention.withLock { $0 }
    var sum = SweepAnswer()
    var position: SweepPosition? = .start
    while let next = position {
      let answer = try store.perform(Sweep(now: time.now(), retention: rule, position: next))
      sum.executions += answer.executions
      sum.events += answer.events
      sum.dedupe += answer.dedupe
      sum.rejected += answer.rejected
      position = answer.next
    }
    while try store.perform(ThinOutbox(now: time.now())) {}
    return sum
  }

  func configure(_ retention: Retention) { inbox.put(.retention(retention)) }
  func stop() { inbox.put(.stop) }
}
