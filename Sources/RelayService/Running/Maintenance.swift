internal import RelayModel
internal import RelayStore
internal import RelayThreads
internal import Synchronization

/// Deletes what retention allows and keeps the outbox within its bounds: a pass a minute, in bounded commits
/// that share the committer with everybody else's. While the store fills up it looks every second, and sheds.
final class Maintenance: Sendable {
  private enum Message: Sendable {
    case retention(Retention)
    case stop
  }

  static let interval = Duration.seconds(60)
  /// Between two looks at a store that fills up.
  static let watch = Duration.seconds(1)

  private let store: Store
  private let time: any TimeSource
  private let log: any Log
  private let inbox = Inbox<Message>()
  private let retention: Mutex<Retention>
  private let governor: Governor
  private let filling = Mutex<StoreUse?>(nil)

  init(
    store: Store, retention: Retention, time: any TimeSource, log: any Log
  ) {
    self.store = store
    self.retention = Mutex(retention)
    self.governor = Governor(store: store)
    self.time = time
    self.log = log
  }

  /// Runs until `stop`, on the calling thread.
  func run() {
    var nextPass = time.elapsed() + Self.interval
    while true {
      let isWatching = filling.withLock { $0 != nil }
      let pause = isWatching ? min(Self.watch, nextPass - time.elapsed()) : nextPass - time.elapsed()
      for message in inbox.wait(atMost: max(.zero, pause)) {
        switch message {
        case .retention(let new): retention.withLock { $0 = new }
        case .stop: return
        }
      }
      do throws(StoreError) {
        if time.elapsed() >= nextPass {
          nextPass = time.elapsed() + Self.interval
          try runOnce()
        }
        try govern()
      } catch {
        log.warning("a pass of retention ended early", .text("why", error.message))
      }
    }
  }

  /// How full the store is, once it fills up; nil before.
  var fillingUp: StoreUse? { filling.withLock { $0 } }

  /// Looks how full the store is, and makes room where it is too full.
  func govern() throws(StoreError) {
    var use = try store.measure()
    if use.isOver(Governor.begins) {
      try runOnce()
      let relief = try governor.relieve()
      use = try store.measure()
      if relief != Governor.Relief() {
        log.warning(
          "the store is nearly full: the oldest that ended is deleted before its time",
          .number("executions", relief.executions), .number("events", relief.events),
          .number("live_bytes", use.live.bytes), .number("limit_bytes", use.limit.bytes))
      }
    }
    filling.withLock { $0 = use.isOver(Governor.watches) ? use : nil }
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
