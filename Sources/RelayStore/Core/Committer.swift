internal import CLMDB
internal import CLinux
internal import RelayModel
internal import Synchronization

/// Applies batches of transitions: one LMDB transaction each, committed before anybody is told.
///
/// Sendable because one thread at a time calls `commit` (the committer's, or in manual mode whoever
/// pumps); what others read lies in `shared`.
final class Committer: @unchecked Sendable {
  /// What other threads may see.
  struct Shared {
    var sinks: [@Sendable ([Notice]) -> Void] = []
    var epoch: String
    var damaged: Int
    var listening: ListeningHooks
  }

  private var environment: Environment?
  let shared: Mutex<Shared>
  private let failure: StoreFailure
  private let tag: StoreTag
  private let permits: StartPermits
  private let summaries: StoreConfiguration.Payloads?
  private let room: Room
  private var state: StoreState
  private let recent: RecentMarks
  private var tallies: Tallies
  private var listening: ListeningHooks
  private let judge: WaitJudge?
  /// Counted by batches that wrote nothing: rides with the next commit.
  private var uncommitted = Tallies()
  private var writer: RecordWriter?

  init(
    _ opened: OpenedStore, permits: StartPermits, room: Room, failure: StoreFailure,
    judge: WaitJudge?, summaries: StoreConfiguration.Payloads?
  ) {
    self.environment = opened.environment
    self.tag = opened.tag
    self.state = opened.state
    self.recent = opened.recent
    self.tallies = opened.tallies
    self.listening = opened.listening
    self.judge = judge
    self.permits = permits
    self.room = room
    self.failure = failure
    self.summaries = summaries
    self.writer = RecordWriter()
    self.shared = Mutex(
      Shared(
        epoch: opened.state.epoch, damaged: opened.state.damaged, listening: opened.listening))
  }

  /// The committer's thread: until the mailbox is closed and empty.
  func run(_ mailbox: Mailbox) {
    // Linux before 6.12 refuses; the thread then has turns of the usual length.
    _ = petrel_short_slices(100_000)
    while mailbox.wait() {
      for work in mailbox.takeWork() { work() }
      commit(mailbox.take())
    }
  }

  func replace(with fresh: Environment) { environment = fresh }

  /// Lets go of the file; nothing is committed afterwards.
  func close() { environment = nil }

  /// Applies `batch` and tells each its answer. A transition that spoils the transaction is refused,
  /// and the others are applied again without it.
  func commit(_ batch: [Pending], fate: CommitFate = .commit) {
    var remaining = batch
    while !remaining.isEmpty {
      switch attempt(remaining, fate) {
      case .done(let notices):
        guard fate == .commit else { return }
        for pending in batch { pending.tell() }
        publish(notices)
        return
      case .spoiled(let error, let culprits):
        for index in culprits { remaining[index].refuse(error) }
        remaining = remaining.indices.filter { !culprits.contains($0) }.map { remaining[$0] }
      }
    }
    for pending in batch { pending.tell() }
    publish([])
  }

  private enum Attempt {
    case done([Notice])
    /// Nothing of it is kept. The culprits are refused; nobody else is to blame.
    case spoiled(StoreError, culprits: [Int])
  }

  private func attempt(_ batch: [Pending], _ fate: CommitFate) -> Attempt {
    let everybody = Array(batch.indices)
    guard let environment, failed == nil else {
      return .spoiled(failed ?? .closing, culprits: everybody)
    }
    var transaction: WriteTransaction
    do throws(LMDBError) {
      transaction = try begin(environment)
    } catch {
      return .spoiled(note(error.storeError()), culprits: everybody)
    }
    // A strand will write as much as an execution yet.
    let unended = state.backlog + transaction.snapshot.count(.strands)
    var allowance = room.allowance(environment, backlog: unended)
    for index in batch.indices {
      if let spoiled = apply(batch[index], &allowance, &transaction) {
        abandon(transaction)
        return .spoiled(note(spoiled), culprits: culprits(of: spoiled, at: index, in: batch))
      }
    }
    return finish(transaction, batch, fate, isFull: allowance.isUsedUp)
  }

  /// Nil when the transaction can go on.
  private func apply(
    _ pending: Pending, _ allowance: inout Allowance, _ transaction: inout WriteTransaction
  ) -> StoreError? {
    if pending.needsRoom && !allowance.take(pending.weight) {
      pending.refuse(allowance.refusal)
      return nil
    }
    let before = transaction.writes
    do throws(StoreError) {
      try pending.apply(&transaction)
      return nil
    } catch {
      guard transaction.writes == before else { return error }
      pending.refuse(error)
      return nil
    }
  }

  /// Who must go so that the others can be applied again: where there is no room, everybody who needs
  /// some; a failing disk fails all; else the one that failed.
  private func culprits(of error: StoreError, at index: Int, in batch: [Pending]) -> [Int] {
    switch error {
    case .full, .diskFull:
      let hungry = batch.indices.filter { batch[$0].needsRoom }
      return hungry.isEmpty ? Array(batch.indices) : hungry
    case .ioFailed: return Array(batch.indices)
    default: return [index]
    }
  }

  private func finish(
    _ unfinished: consuming WriteTransaction, _ batch: [Pending], _ fate: CommitFate,
    isFull: Bool
  ) -> Attempt {
    var transaction = unfinished
    var step = RecentMarks.Step.nothing
    guard transaction.writes > 0 || transaction.state != state else {
      // Nothing to make durable; what was counted rides with the next commit.
      uncommitted = transaction.tallies
      abandon(transaction)
      return .done([])
    }
    do throws(StoreError) {
      // What is moved to the index needs room for a while, which the reserve is not for.
      if !isFull { step = try recent.advance(&transaction) }
      try transaction.writeTallies(over: tallies)
      try transaction.put(.meta, MetaKey.state, transaction.state)
    } catch {
      abandon(transaction)
      return .spoiled(note(error), culprits: culprits(of: error, at: 0, in: batch))
    }
    if fate == .crashBefore {
      abandon(transaction)
      return .done([])
    }
    return end(transaction, batch, step)
  }

  /// The commit itself.
  private func end(
    _ finished: consuming WriteTransaction, _ batch: [Pending], _ step: RecentMarks.Step
  ) -> Attempt {
    var transaction = finished
    let handle = unsafe transaction.snapshot.transaction
    let code = room.growth.excluding { unsafe mdb_txn_commit(handle) }
    guard code == 0 else {
      let error = refusal(code)
      room.committed(refused: error)
      permits.giveBack(transaction.permitsTaken)
      writer = transaction.reclaimWriter()
      return .spoiled(note(error), culprits: culprits(of: error, at: 0, in: batch))
    }
    room.committed(refused: nil)
    state = transaction.state
    listening = transaction.listening
    recent.committed(transaction.marks, step)
    tallies.add(transaction.tallies)
    uncommitted = Tallies()
    if let environment { room.growth.committed(used: environment.touchedBytes) }
    let notices = transaction.takeNotices()
    writer = transaction.reclaimWriter()
    shared.withLock { [state, listening] in
      $0.epoch = state.epoch
      $0.listening = listening
      $0.damaged = state.damaged
    }
    return .done(notices)
  }

  /// What a commit that failed means. Where LMDB begins nothing more, its meta page may be there or not, which is
  /// final even where only room was missing.
  private func refusal(_ code: Int32) -> StoreError {
    let error = LMDBError(code, "committing").storeError()
    guard case .diskFull = error, let environment else { return error }
    do throws(LMDBError) {
      unsafe mdb_txn_abort(try environment.beginWriting())
      return error
    } catch {
      return error.storeError()
    }
  }

  private func begin(_ environment: Environment) throws(LMDBError) -> WriteTransaction {
    let handle = unsafe try environment.beginWriting()
    let writer = self.writer.take() ?? RecordWriter()
    return unsafe WriteTransaction(
      environment: environment, transaction: handle, tag: tag, state: state, recent: recent,
      tallies: uncommitted, listening: listening, judge: judge,
      permits: permits, summaries: summaries, writer: writer)
  }

  /// `mdb_txn_abort`: nothing of it was ever there.
  private func abandon(_ transaction: consuming WriteTransaction) {
    unsafe mdb_txn_abort(transaction.snapshot.transaction)
    permits.giveBack(transaction.permitsTaken)
    writer = transaction.reclaimWriter()
  }

  private var failed: StoreError? { failure.why.map { .ioFailed($0) } }

  /// A failed sync is final: what the disk holds is unknown from now on.
  private func note(_ error: StoreError) -> StoreError {
    if case .ioFailed(let why) = error { failure.note(why) }
    return error
  }

  /// Tells of the batch, one that changed nothing too: some only look for the answers before it.
  private func publish(_ notices: [Notice]) {
    for sink in shared.withLock({ $0.sinks }) { sink(notices) }
  }
}
