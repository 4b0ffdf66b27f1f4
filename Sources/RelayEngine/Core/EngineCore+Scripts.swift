internal import RelayModel
internal import RelaySandbox
internal import RelayThreads

/// Running scripts: like requests, but that the sandbox answers.
extension EngineCore {
  /// Starts the script of the step at the walk's position. The sandbox has admitted it.
  func start(_ script: Script, of run: Run) {
    lastNumber += 1
    var transfer = Run.Transfer(number: lastNumber, beganAt: elapsed, began: wall, isSecondTry: false)
    transfer.script = scripts.start(script) { [inbox, key = run.key, number = lastNumber] result in
      inbox.put(.scripted(key, transfer: number, result))
    }
    run.transfer = transfer
  }

  func scripted(_ key: RecordKey, _ number: UInt64, _ result: Result<[UInt8], ScriptFailure>) {
    guard let run = runs[key], run.life == .sending, let transfer = run.transfer, transfer.number == number
    else { return }
    let took = elapsed - transfer.beganAt
    // No failure of a script, nor of a process that ran one, is the sandbox's: it is never left alone.
    release(run, .alive, took: took)
    conclude(
      run,
      FinishedAttempt(
        number: run.attempt, began: transfer.began, took: took, script: result, name: run.walk.name))
  }
}
