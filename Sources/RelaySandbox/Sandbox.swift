internal import Glibc
internal import RelayThreads
internal import Synchronization

/// Runs scripts in processes of their own, of which it keeps a few: none before the first script, none after a
/// while without one. A script that does not end in time is ended with its process.
///
/// Each process has a thread here that starts it, feeds it and ends it: the kernel ends a process with the thread
/// that started it, so that none outlives the relay.
package final class Sandbox: ScriptRunner {
  /// A script and whom to tell.
  struct Job: Sendable {
    var token: ScriptToken
    var script: Script
    var completion: Completion
  }

  /// What a worker is told.
  enum Order: Sendable {
    case run(Job)
    case stop
  }

  private struct State {
    var lastToken: UInt64 = 0
    var isStopping = false
    /// In the order in which they came.
    var waiting: [Job] = []
    /// The ways to the workers.
    var workers: [Inbox<Order>] = []
    /// Those without a job, by index; the one that worked last comes last, and is used first.
    var idle: [Int] = []
    var underWay: [ScriptToken: UnderWay] = [:]
  }

  /// A script that a worker has.
  private struct UnderWay {
    /// Nil while there is none yet, or none any more.
    var process: pid_t?
    var isCancelled = false
  }

  private let state = Mutex(State())
  private let children: Int
  /// This very program.
  package static let ownProgram = "/proc/self/exe"

  let program: String
  let idleTime: Duration
  /// Opened by each worker that has ended.
  private let ended = Latch()

  /// - Parameters:
  ///   - program: what is started to run scripts: one whose `main` begins with `ScriptChild.serveIfAsked`.
  ///   - children: how many processes there may be.
  ///   - idle: how long a process is kept that has nothing to run.
  package init(
    program: String = Sandbox.ownProgram, children: Int = SandboxBounds.children,
    idle: Duration = SandboxBounds.idle
  ) {
    self.program = program
    self.children = children
    self.idleTime = idle
  }

  package func start(_ script: Script, completion: @escaping Completion) -> ScriptToken {
    let (job, worker, isNew) = state.withLock { state in
      state.lastToken += 1
      let job = Job(token: ScriptToken(number: state.lastToken), script: script, completion: completion)
      let isNew = state.idle.isEmpty && state.workers.count < children && !state.isStopping
      if isNew {
        state.idle.append(state.workers.count)
        state.workers.append(Inbox())
      }
      guard let index = state.idle.popLast() else {
        state.waiting.append(job)
        return (job, nil as SandboxWorker?, false)
      }
      state.underWay[job.token] = UnderWay()
      return (job, SandboxWorker(sandbox: self, index: index, inbox: state.workers[index]), isNew)
    }
    worker?.inbox.put(.run(job))
    if isNew, let worker {
      NamedThread("scripts-\(worker.index)") { [ended] in
        worker.run()
        ended.open()
      }.detach()
    }
    return job.token
  }

  package func cancel(_ token: ScriptToken) {
    state.withLock { state in
      if let index = state.waiting.firstIndex(where: { $0.token == token }) {
        state.waiting.remove(at: index)
      } else if let known = state.underWay[token] {
        state.underWay[token]?.isCancelled = true
        // It is not reaped before it is taken out of here: no other process can have its number yet.
        if let process = known.process { kill(process, SIGKILL) }
      }
    }
  }

  /// Ends every process. Of scripts that wait or run, and of later ones, nobody is told.
  package func stop() {
    let workers = state.withLock { state in
      state.isStopping = true
      state.waiting = []
      for script in state.underWay.values {
        if let process = script.process { kill(process, SIGKILL) }
      }
      defer { (state.workers, state.idle) = ([], []) }
      return state.workers
    }
    for worker in workers { worker.put(.stop) }
    for _ in workers { ended.wait() }
  }

  // MARK: For workers

  /// The script begins in `process`. False where it is not wanted any more.
  func begin(_ token: ScriptToken, in process: pid_t) -> Bool {
    state.withLock { state in
      guard !state.isStopping, state.underWay[token]?.isCancelled == false else { return false }
      state.underWay[token]?.process = process
      return true
    }
  }

  /// The script's process has answered, or is about to be reaped: it is not ended from here any more.
  func leave(_ token: ScriptToken) { state.withLock { $0.underWay[token]?.process = nil } }

  /// The script has ended. Answers whether anybody wants to know, and the worker's next job; without one, it is
  /// idle from now on.
  func end(_ token: ScriptToken, worker: Int) -> (isWanted: Bool, next: Job?) {
    state.withLock { state in
      let isWanted = state.underWay[token]?.isCancelled == false && !state.isStopping
      state.underWay[token] = nil
      if !state.waiting.isEmpty {
        let job = state.waiting.removeFirst()
        state.underWay[job.token] = UnderWay()
        return (isWanted, job)
      }
      if !state.isStopping { state.idle.append(worker) }
      return (isWanted, nil)
    }
  }
}
