package import RelayHTTP
package import RelayModel
package import RelayStore
internal import RelayThreads
internal import Synchronization

/// The upstream service: a thread around `UpstreamCore`. It never holds up accepting or running: it reads
/// the outbox, and its only writes are deletions of what central has acknowledged.
package final class Upstream: Sendable {
  private enum Message: Sendable {
    case input(UpstreamCore.Input)
    case stop(deadline: Duration)
  }

  private let inbox = Inbox<Message>()
  private let store: Store
  private let time: any TimeSource
  private let makeCore: @Sendable (Inbox<Message>) -> UpstreamCore
  private let shown = Mutex(UpstreamStatus())

  /// Adds itself to the store's sinks; call `run` on a thread of its own.
  package init(
    configuration: UpstreamConfiguration, store: Store, transport: any Transport, time: any TimeSource,
    random: any RandomSource, log: any Log
  ) {
    self.store = store
    self.time = time
    makeCore = { inbox in
      UpstreamCore(
        configuration: configuration, store: store, transport: transport, time: time, random: random,
        log: log, deliver: { inbox.put(.input($0)) })
    }
    store.onCommit { [inbox] notices in
      let hasEnd = notices.contains { if case .outbox = $0 { true } else { false } }
      if hasEnd { inbox.put(.input(.outbox)) }
    }
  }

  /// Any thread: how it stands now, while it backs off too.
  package var status: UpstreamStatus {
    var status = shown.withLock { $0 }
    do throws(StoreError) {
      let outbox = try store.read { try OutboxLook($0) }
      status.pending = outbox.state.pending
      status.acked = outbox.state.first - 1
      status.epoch = outbox.state.epoch
      status.oldest = outbox.oldest
    } catch {
      status.lastError = error.message
    }
    return status
  }

  /// Runs until `stop`, on the calling thread.
  package func run() {
    let core = makeCore(inbox)
    var stopAt: Duration?
    core.run()
    while true {
      shown.withLock { $0 = core.status }
      if let stopAt, core.isQuiet || time.elapsed() >= stopAt { return }
      let deadline = [core.deadline, stopAt].compactMap(\.self).min()
      for message in inbox.wait(atMost: deadline.map { $0 - time.elapsed() }) {
        switch message {
        case .input(let input): core.receive(input)
        case .stop(let deadline):
          stopAt = deadline
          core.flush()
        }
      }
      core.run()
    }
  }

  /// Any thread: sends what waits, and ends `run` when all is acknowledged, when central cannot be
  /// reached, or after `patience`.
  package func stop(within patience: Duration) {
    inbox.put(.stop(deadline: time.elapsed() + patience))
  }
}

/// What the status shows of the outbox.
private struct OutboxLook {
  let state: OutboxState
  let oldest: Timestamp?

  init(_ snapshot: borrowing Snapshot) throws(StoreError) {
    state = try snapshot.outboxState()
    switch try snapshot.outbox(after: state.first - 1, limit: 1).first?.content {
    case .end(let summary): oldest = summary.finishedAt
    case .rollup(let counts): oldest = counts.first?.hour
    case .lost, nil: oldest = nil
    }
  }
}
