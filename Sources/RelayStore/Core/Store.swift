internal import CLMDB
package import RelayModel
internal import RelayThreads
internal import Synchronization

/// The relay's memory: events, executions and all that is known of them, in one LMDB file.
///
/// Whoever wants a change submits a `Transition`; one committer applies all that wait in one
/// transaction, and answers when it is on the disk. Whoever wants to know reads a `Snapshot`.
package final class Store: Sendable {
  /// Makes outside ids unique across edges; drawn when the store was made.
  package let tag: StoreTag
  /// How many more executions may start; shared by the store and the engine.
  package let permits: StartPermits
  private let committer: Committer
  private let mailbox: Mailbox
  private let failure: StoreFailure
  let room: Room
  let configuration: StoreConfiguration
  /// Nil once closed. A reader holds on to it, so that the file closes after the last look.
  private let environment: Mutex<Environment?>
  private let thread = Mutex<NamedThread?>(nil)

  /// Opens the folder, makes a store in it where there is none, and starts the committer.
  ///
  /// Throws `busy` when another process has it, `newerFormat`, `unusable` or `damaged`; each is a reason
  /// not to start.
  package static func open(
    _ configuration: StoreConfiguration, time: any TimeSource, random: any RandomSource
  ) throws(StoreError) -> Store {
    let opened = try OpenedStore(configuration, random)
    let store = Store(opened, configuration)
    if configuration.access == .readWrite {
      store.room.growth.start(used: opened.environment.touchedBytes)
      if configuration.committer == .thread { store.startCommitter() }
    }
    return store
  }

  private init(_ opened: OpenedStore, _ configuration: StoreConfiguration) {
    tag = opened.tag
    permits = StartPermits(configuration.executions)
    let failure = StoreFailure()
    let growth = FileGrowth(
      path: "\(configuration.directory)/\(Environment.fileName)", step: configuration.growth,
      limit: configuration.maxSize, failure: failure)
    room = Room(limit: configuration.maxSize, growth: growth)
    committer = Committer(
      opened, permits: permits, room: room, failure: failure, judge: configuration.judge,
      summaries: configuration.summarizes ? configuration.payloads : nil)
    mailbox = Mailbox()
    self.failure = failure
    self.configuration = configuration
    environment = Mutex(opened.environment)
  }

  private func startCommitter() {
    thread.withLock {
      $0 = NamedThread("petrel-commit") { [committer, mailbox] in committer.run(mailbox) }
    }
  }

  // MARK: Changes

  /// Hands a transition over; any thread. `completion` is called on the committer's thread after the
  /// commit, or its failure; at once, on the caller's, where the mailbox is full or closed.
  package func submit<T: Transition>(
    _ transition: consuming T, completion: @escaping @Sendable (Result<T.Answer, StoreError>) -> Void
  ) {
    post(transition, completion)
  }

  /// The same for what comes most: as it stands in this module, the compiler makes a version of all that
  /// follows for this one transition, without look-ups of types.
  package func submit(
    _ transition: consuming Enqueue,
    completion: @escaping @Sendable (Result<EnqueueAnswer, StoreError>) -> Void
  ) {
    post(transition, completion)
  }

  /// The same for one of many outcomes in a row, which are to share a commit: a sleeping committer sleeps on
  /// until `wakeCommitter`, which the caller owes it.
  package func add(
    _ transition: Advance, completion: @escaping @Sendable (Result<AdvanceAnswer, StoreError>) -> Void
  ) {
    post(transition, wakes: false, completion)
  }

  /// Any thread: wakes the committer where it sleeps and something waits.
  package func wakeCommitter() { mailbox.wake() }

  private func post<T: Transition>(
    _ transition: consuming T, wakes: Bool = true,
    _ completion: @escaping @Sendable (Result<T.Answer, StoreError>) -> Void
  ) {
    let pending = Pending(transition, completion: completion)
    guard
      let refusal = configuration.access == .readOnly
        ? lookedAtOnly : mailbox.post(pending, wakes: wakes)
    else { return }
    pending.refuse(refusal)
    pending.tell()
  }

  private var lookedAtOnly: StoreError {
    .unusable(path: configuration.directory, why: "it was opened to be looked at, not changed")
  }

  /// Applies a transition and waits for the commit. Never on the committer's thread, nor on one that
  /// serves others. In manual mode it pumps.
  package func perform<T: Transition>(_ transition: T) throws(StoreError) -> T.Answer {
    let answer = AwaitedAnswer<T.Answer>()
    submit(transition) { answer.put($0) }
    if configuration.committer == .manual { pump() }
    return try answer.wait().get()
  }

  /// Runs `work` while no commit is under way: on the committer's thread, or at once in manual mode.
  func runBetweenCommits(_ work: @escaping @Sendable () -> Void) {
    if configuration.committer == .manual { work() } else { mailbox.post(work) }
  }

  /// Any thread: has the committer's call `answer` between two commits. On this one in manual mode, and once
  /// the store is closed.
  package func probe(_ answer: @escaping @Sendable () -> Void) { runBetweenCommits(answer) }

  /// Another file takes the place of the one in use. Between commits.
  func replace(with fresh: Environment) {
    committer.replace(with: fresh)
    environment.withLock { $0 = fresh }
  }

  /// Nothing is committed any more.
  func fail(_ error: StoreError) { failure.note(error.message) }

  /// Names who is to be told, once, when the disk fails: on the thread that meets it, or at once where it has
  /// failed already. Nothing is committed any more, so the process has to end.
  package func onFailure(_ sink: @escaping @Sendable (String) -> Void) { failure.tell(sink) }

  /// Adds somebody to tell of every commit, on the committer's thread, after its answers; with nothing to
  /// tell too. Before the first transition.
  package func onCommit(_ sink: @escaping @Sendable ([Notice]) -> Void) {
    committer.shared.withLock { $0.sinks.append(sink) }
  }

  /// Manual mode: commits all that waits, on this thread; one caller at a time. A crash closes the store
  /// as a death of the process would: whoever waits for an answer gets none.
  package func pump(_ fate: CommitFate = .commit) {
    precondition(configuration.committer == .manual, "the committer's thread commits by itself")
    while true {
      let batch = mailbox.take()
      guard !batch.isEmpty else { break }
      committer.commit(batch, fate: fate)
      if fate != .commit { break }
    }
    if fate != .commit { abandon() }
  }

  // MARK: Looking

  /// Looks at the store as the last commit left it. `body` must not wait for anything: it pins pages.
  ///
  /// `body` throws `StoreError` and nothing else. Its type does not say so, because a closure's own type
  /// of error must be written out at every call; another error is a programmer error.
  package func read<R>(_ body: (borrowing Snapshot) throws -> R) throws(StoreError) -> R {
    try opened().read(tag: tag) { snapshot throws(StoreError) in
      do {
        return try body(snapshot)
      } catch let error as StoreError {
        throw error
      } catch {
        preconditionFailure("a look at the store throws StoreError only, not \(error)")
      }
    }
  }

  /// The file; throws once the store is closed.
  func opened() throws(StoreError) -> Environment {
    guard let environment = environment.withLock({ $0 }) else { throw .closing }
    return environment
  }

  /// What events of `hook` are to be asked, for `Enqueue.answers`; empty where nobody waits for one.
  package func waits(on hook: String) -> [WaitKind] { committer.shared.withLock { $0.listening[hook] } }

  /// The upstream epoch: random text made with the outbox.
  package var epoch: String { committer.shared.withLock { $0.epoch } }

  /// How the store does. Asking a full disk tries it again, since whoever waits for room sends nothing meanwhile.
  package var health: StoreHealth {
    if room.needsProbe { submit(Probe()) { _ in } }
    let state: StoreHealth.State =
      failure.why.map { .failed($0) } ?? room.fullBecause.map { .full($0) } ?? .accepting
    return StoreHealth(
      state: state, used: room.usedBytes, limit: room.limit,
      damaged: committer.shared.withLock { $0.damaged })
  }

  /// Measures how full the file is. Reads LMDB's list of free pages: for maintenance and pages, not for each event.
  package func measure() throws(StoreError) -> StoreUse {
    let environment = try opened()
    let touched = environment.touchedBytes
    let free = min(touched, environment.freePages * environment.pageSize)
    return StoreUse(live: ByteCount(touched - free), free: ByteCount(free), limit: room.limit)
  }

  // MARK: The end

  /// Refuses new transitions, commits those that wait, and closes the file once nobody looks any more.
  /// Called once, and not on the committer's thread.
  package func drainAndClose() {
    mailbox.close()
    if configuration.committer == .manual { pump() }
    if let thread = thread.withLock({ $0.take() }) { thread.join() }
    abandon()
  }

  private func abandon() {
    mailbox.close()
    room.growth.stop()
    committer.close()
    environment.withLock { $0 = nil }
  }
}
