internal import Glibc
internal import RelayDocuments
internal import RelayModel
internal import RelayThreads

/// One thread of the sandbox, and the process that it keeps.
struct SandboxWorker: Sendable {
  let sandbox: Sandbox
  let index: Int
  let inbox: Inbox<Sandbox.Order>

  /// A process, and how long it has run scripts.
  private struct Kept: ~Copyable {
    var process: ChildProcess
    var worked = Duration.zero
  }

  func run() {
    var kept: Kept?
    while true {
      let orders = inbox.wait(atMost: kept == nil ? nil : sandbox.idleTime)
      if orders.isEmpty { kept = nil }
      for case .run(let job) in orders {
        var next: Sandbox.Job? = job
        while let job = next {
          next = perform(job, &kept)
        }
      }
      if orders.contains(where: { if case .stop = $0 { true } else { false } }) { return }
    }
  }

  /// Runs a script, tells what came of it, and gives the next one.
  private func perform(_ job: Sandbox.Job, _ kept: inout Kept?) -> Sandbox.Job? {
    let result: Result<[UInt8], ScriptFailure>
    do throws(ScriptFailure) {
      result = .success(try attempt(job, &kept))
    } catch {
      result = .failure(error)
    }
    // Idle before anybody is told: who starts the next script when told of this one finds this process.
    let (isWanted, next) = sandbox.end(job.token, worker: index)
    if isWanted { job.completion(result) }
    return next
  }

  private func attempt(_ job: Sandbox.Job, _ kept: inout Kept?) throws(ScriptFailure) -> [UInt8] {
    var child: Kept
    if let known = kept.take() {
      child = known
    } else {
      child = Kept(process: try ChildProcess.start(sandbox.program))
    }
    let began = ContinuousClock.now
    let isWanted = sandbox.begin(job.token, in: child.process.identifier)
    let answer = isWanted ? child.process.run(job.script, by: began + job.script.timeout) : .late
    sandbox.leave(job.token)
    child.worked += began.duration(to: .now)
    let isWorn = child.worked >= SandboxBounds.childLife
    switch answer {
    case .value(let text):
      if !isWorn { kept = consume child }
      return try Self.checked(text)
    case .failed(let failure):
      if !isWorn { kept = consume child }
      throw Self.explained(failure, job.script)
    case .late:
      throw ScriptFailure(.timeout, "the script did not end within \(job.script.timeout.text)")
    case .gone: throw Self.explained(child.process.end())
    }
  }

  /// The value as our own parser reads it.
  private static func checked(_ text: [UInt8]) throws(ScriptFailure) -> [UInt8] {
    do throws(JSONError) {
      _ = try JSON.parse(text)
      return text
    } catch {
      throw ScriptFailure(.crashed, "the script's process gave a value that is not JSON: \(error)")
    }
  }

  private static let lost = ScriptFailure(
    .lost, "the process that ran the script was ended from outside, by an operator or for want of memory")

  private static func explained(_ failure: ScriptFailure, _ script: Script) -> ScriptFailure {
    switch failure.code {
    case .memory: ScriptFailure(.memory, "the script wanted more memory than \(script.memory.text)")
    case .output: ScriptFailure(.output, "the script's value is larger than \(SandboxBounds.output.text)")
    default: failure
    }
  }

  private static func explained(_ ending: ChildProcess.Ending) -> ScriptFailure {
    switch ending {
    case .signal(SIGKILL), .signal(SIGTERM), .exited(0): lost
    case .signal(SIGSYS):
      ScriptFailure(.crashed, "the script made its process ask the kernel for something that is not allowed")
    case .signal(let number): ScriptFailure(.crashed, "the script's process ended by signal \(number)")
    case .exited(let status): ScriptFailure(.crashed, "the script's process ended with status \(status)")
    }
  }
}
