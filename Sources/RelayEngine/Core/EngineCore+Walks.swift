internal import RelayHTTP
internal import RelayModel
internal import RelayStore
internal import RelayWorkflow

/// Performing what `ExecutionLife` decides.
extension EngineCore {
  /// Something happened to `run`: moves it on, and does what that asks for.
  func happen(_ happening: ExecutionLife.Happening, to run: Run) {
    let (life, action) = run.life.after(happening)
    run.life = life
    switch action {
    case .none: break
    case .walk:
      // What follows an outcome was evaluated before it was recorded; what follows a stage was not.
      switch run.stop {
      case .checkpoint, .turn: run.stop = stop(of: run)
      case .request, .script, .pause, .outputs, .fork, .end: break
      }
      follow(run)
    case .send: send(run)
    case .record: submitRecord(of: run)
    case .recordLater: recordLater(run)
    case .leaveQueue:
      _ = run.gate?.leave(run.key)
      forget(run)
    case .abort:
      endTransfer(of: run)
      forget(run)
    case .forget: forget(run)
    }
  }

  /// Begins, or goes on, at the walk's position.
  func walk(_ run: Run) {
    if run.isPinned, let kept = keptRequest(of: run) {
      run.stop = .request(StepRequest(kept))
    } else {
      run.stop = stop(of: run)
    }
    follow(run)
  }

  /// What the walk comes to next, with all that it wants to read.
  func stop(of run: Run) -> Walk.Stop {
    while true {
      let stop = run.walk.goOn(wall: wall, now: now)
      guard case .outputs(let block, let turns) = stop else { return stop }
      do throws(StoreError) {
        let program = run.walk.program
        let lasts = (0..<turns).map { program.lastStep(of: block, turn: $0) }
        let outputs = try store.read { (snapshot) throws(StoreError) in
          try snapshot.outputs(of: run.root, at: lasts)
        }
        run.walk.supply(outputs)
      } catch {
        refused(error, "reading what the turns came to of \(run.id)")
        run.walk.loseOutputs(why: error.message, wall: wall)
      }
    }
  }

  /// The request that the step's first attempt was made with.
  private func keptRequest(of run: Run) -> RenderedRequest? {
    do throws(StoreError) {
      let kept = try store.read { (snapshot) throws(StoreError) in try snapshot.keptRequest(of: run.key) }
      return kept.flatMap(RenderedRequest.init(serialized:))
    } catch {
      refused(error, "reading the request of \(run.id)")
      return nil
    }
  }

  /// Does what the walk came to.
  private func follow(_ run: Run) {
    switch run.stop {
    case .request(let request):
      if isDraining { return putDownForNow(run) }
      guard let destination = request.destination else {
        // The transport says what is wrong with the URL; no destination is to blame.
        run.gate = nil
        return happen(.admitted, to: run)
      }
      ask(destination, for: run)
    case .script:
      if isDraining { return putDownForNow(run) }
      ask(.sandbox, for: run)
    case .pause(let until):
      run.record = wait(run, until: until, reason: run.walk.waitReason, attempt: 0, firstAttemptAt: nil)
      happen(.putDown, to: run)
    case .checkpoint, .outputs:
      run.record = step(run)
      happen(.stagePassed, to: run)
    case .turn:
      run.record = turn(run)
      happen(.stagePassed, to: run)
    case .fork(let fork):
      run.record = begin(fork, run)
      happen(.putDown, to: run)
    case .end:
      run.record = end(run)
      happen(.ended, to: run)
    }
  }

  private func ask(_ destination: Destination, for run: Run) {
    let gate = destinations.gate(destination, now: now)
    run.gate = gate
    switch gate.admit(run.key, limits: configuration.destinations, crowd: crowd, now: now) {
    case .go: happen(.admitted, to: run)
    case .queued:
      run.queuedAt = now
      line.append((now, run.key))
      happen(.queued, to: run)
    case .park(let until, let reason): putDown(run, until: until, reason: reason)
    }
  }

  private var crowd: DestinationGate.Crowd {
    DestinationGate.Crowd(running: runs.count, of: configuration.executions)
  }

  // MARK: Queues

  /// Lets those go that a free slot is for; puts those down whose destination was closed meanwhile.
  func serve(_ gate: DestinationGate) {
    while let key = gate.next(limits: configuration.destinations, crowd: crowd, now: now) {
      if let run = runs[key] { happen(.admitted, to: run) }
    }
    if gate.breaker.closedUntil(now: now) != nil {
      for key in gate.waiting { if let run = runs[key] { putDown(run, from: gate) } }
    }
  }

  /// Puts those down that have stood in a queue too long.
  func putDownTheImpatient() {
    var passed = 0
    while passed < line.count, line[passed].joined + EngineBounds.queueWait <= now {
      let (joined, key) = line[passed]
      passed += 1
      guard let run = runs[key], run.life == .queueing, run.queuedAt == joined, let gate = run.gate else {
        continue
      }
      putDown(run, from: gate)
    }
    line.removeFirst(passed)
  }

  private func putDown(_ run: Run, from gate: DestinationGate) {
    _ = gate.leave(run.key)
    guard case .park(let until, let reason) = gate.putDown(limits: configuration.destinations, now: now)
    else { return }
    putDown(run, until: until, reason: reason)
  }

  // MARK: Putting down

  /// Puts an execution down that has made no attempt: the one that was counted for it does not count.
  private func putDown(_ run: Run, until: Timestamp, reason: DestinationGate.ParkReason) {
    metrics.count { $0.parked += 1 }
    run.record = wait(
      run, until: until, reason: reason.text(run.gate?.destination), attempt: max(run.attempt - 1, 0),
      firstAttemptAt: run.triedSince)
    happen(.putDown, to: run)
  }

  /// Puts an execution down because those in memory hold too much.
  func putDownForMemory(_ run: Run) {
    metrics.count { $0.parked += 1 }
    run.record = wait(
      run, until: now + EngineBounds.memoryPause, reason: "the relay holds enough large events in memory",
      attempt: max(run.attempt - 1, 0), firstAttemptAt: run.firstAttemptAt)
    happen(.putDown, to: run)
  }

  /// Puts an execution down because the relay stops.
  func putDownForNow(_ run: Run) {
    var attempt = max(run.attempt - 1, 0)
    var triedSince = run.triedSince
    if run.life == .queueing { _ = run.gate?.leave(run.key) }
    if run.life == .sending {
      endTransfer(of: run)
      attempt = run.attempt
      triedSince = run.firstAttemptAt
    }
    run.record = wait(
      run, until: now, reason: "the relay was stopped", attempt: attempt, firstAttemptAt: triedSince,
      keepsRequest: run.life == .sending)
    happen(.putDown, to: run)
  }
}

extension DestinationGate.ParkReason {
  /// For people.
  func text(_ destination: Destination?) -> String {
    let name = destination.map { $0 == .sandbox ? "the sandbox" : "\($0)" } ?? "the destination"
    return switch self {
    case .leftAlone: "\(name) keeps failing and is left alone for a while"
    case .slow: "\(name) answers slowly, and enough requests to it are under way"
    case .full: "enough requests to \(name) are under way"
    case .rate: "\(name) has had as many requests as egress.rates lets it have"
    }
  }
}
