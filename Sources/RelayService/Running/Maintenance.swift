internal import RelayModel
internal import RelayStore
internal import RelayThreads
internal import Synchronization

/// Deletes what retention allows and keeps the outbox within its bounds: a pass a minute, in bounded commits
/// that share the committer with everybody else's. Every second it looks whether the store fills up, and sheds.
final class Maintenance: Sendable {
  private enum Message: Sendable {
    case retention(Retention)
    case stop
  }

  static let interval = Duration.seconds(60)
  /// Between two looks at how full the store is: a busy relay fills a small one within a minute.
  static let watch = Duration.seconds(1)

  private let store: Store
  private let time: any TimeSource
  private let log: any Log
  private let inbox = Inbox<Message>()
  private let retention: Mutex<Retention>
  private let governor: Governor
  private let filling = Mutex(Filling())

  private struct Filling {
    /// Once the store fills up; nil before.
    var use: StoreUse?
    /// Monotonic. After a relief that was not enough nothing is left to go: the next one waits for a pass.
    var nextRelief = Duration.zero
  }

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
      for message in inbox.wait(atMost: Self.watch) {
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
  var fillingUp: StoreUse? { filling.withLock { $0.use } }

  /// Looks how full the store is, and makes room where it is too full.
  func govern() throws(StoreError) {
    // What the committer counts holds free pages too: it is never less than what is measured.
    guard Governor.watches(store.health) else { return filling.withLock { $0.use = nil } }
    var use = try store.measure()
    if use.isOver(Governor.begins), time.elapsed() >= filling.withLock({ $0.nextRelief }) {
      try runOnce()
      let relief = try governor.relieve()
      use = try store.measure()
      if relief != Governor.Relief() {
        log.warning(
          "the store is nearly full: the oldest that ended is deleted before its time",
          .number("executions", relief.executions), .number("events", relief.events),
          .number("live_bytes", use.live.bytes), .number("limit_bytes", use.limit.bytes))
      }
      let pause = use.isOver(Governor.begins) ? Self.interval : .zero
      filling.withLock { $0.nextRelief = time.elapsed() + pause }
    }
    filling.withLock { $0.use = use.isOver(Governor.watched) ? use : nil }
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
