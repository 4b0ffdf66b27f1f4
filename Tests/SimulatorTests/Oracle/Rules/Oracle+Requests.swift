import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore

/// Requests and their ends, as the destinations see them.
extension Oracle {
  func sent(_ request: OutgoingRequest, number: UInt64, to server: Int) {
    let key = request.headers.first("Idempotency-Key") ?? ""
    history.note("request \(number) \(key) to d\(server)")
    sent(
      SeenRequests.Wire(request), key, number: number, to: server, isFresh: request.needsFreshConnection)
  }

  /// An attempt is made. `isFresh`: what breaks on its connection is not sent once more.
  func sent(_ wire: SeenRequests.Wire, _ key: String, number: UInt64, to server: Int, isFresh: Bool) {
    requests.count += 1
    keep(wire, under: key)
    check(!requests.finished.contains(key), .finishedStaysFinished, "\(key) has succeeded on record")
    let parts = key.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, let execution = byID[parts[0]], let root = witnesses[execution] else {
      return fail(.countedBeforeMade, "\(key) belongs to no execution on record")
    }
    guard let place = root.course.plan.place(of: parts[1]) else {
      return fail(.stepsInOrder, "\(root.id) sends \(parts[1]), which is no step")
    }
    let witness = walker(of: root, at: place)
    concurrency(number, server, witness)
    if let broken = witness.broken, broken.key == key, isFresh {
      requests.gates[server].repeated(broken.number, as: number)
    } else {
      if let complaint = requests.gates[server].sent(number, scenario.limits.breaker, at: time.elapsed()) {
        fail(.oneProbe, complaint)
      }
      attempt(key, witness)
    }
    witness.broken = nil
    step(parts[1], at: place, witness)
    requests.open[number] = SeenRequests.Open(
      server: server, key: key, place: place, walker: witness.key, isFresh: isFresh)
    witness.open = number
  }

  private func keep(_ wire: SeenRequests.Wire, under key: String) {
    if let known = requests.byKey[key] {
      check(
        known == wire, .keyMeetsOneRequest,
        "\(key) was \(known.url) \(String(decoding: known.body, as: UTF8.self)), and is now \(wire.url) "
          + String(decoding: wire.body, as: UTF8.self))
    } else {
      requests.byKey[key] = wire
    }
  }

  private func concurrency(_ number: UInt64, _ server: Int, _ witness: Witness) {
    check(
      witness.open == nil, .oneAtATime,
      "\(witness.id) sends \(number) while \(witness.open ?? 0) is under way")
    let there = requests.open.values.count { $0.server == server }
    check(
      there < scenario.limits.concurrency, .concurrencyIsKept,
      "d\(server) has \(there + 1) requests under way, of \(scenario.limits.concurrency)")
    check(
      requests.open.count < scenario.executions, .permitsAddUp,
      "\(requests.open.count + 1) executions run, of \(scenario.executions)")
  }

  /// Each request needs an attempt of its own on record, but for the one that follows a broken kept
  /// connection at once.
  private func attempt(_ key: String, _ witness: Witness) {
    check(
      witness.record.status == .running || witness.isCancelledUnheard, .countedBeforeMade,
      "\(key) is sent while its execution is \(witness.record.status)")
    check(
      witness.record.totalAttempts > witness.countedAtLastRequest, .countedBeforeMade,
      "\(key) is sent with \(witness.record.totalAttempts) attempts counted, as many as at the last request")
    witness.countedAtLastRequest = witness.record.totalAttempts
  }

  private func step(_ name: String, at place: StepPath, _ witness: Witness) {
    let position = witness.record.position
    guard let plan = witness.course.plan.step(at: place) else { return }
    if !witness.isCancelledUnheard {
      let expected = next(of: witness)
      check(
        expected == .request(place), .stepsInOrder,
        "\(witness.id) stands at \(position.bytes), from where it comes to \(expected), and sends \(name)")
      if witness.hasWaited { checkWait(at: position, witness) }
    }
    var facts =
      witness.steps[place] ?? Witness.StepFacts(since: witness.countedSince, firstAt: time.elapsed())
    limits(name, plan, facts, witness)
    facts.asked = nil
    witness.steps[place] = facts
  }

  private func limits(_ name: String, _ plan: StepPlan, _ facts: Witness.StepFacts, _ witness: Witness) {
    if let limit = plan.retry.attempts {
      check(
        facts.failures < limit, .attemptsAreLimited,
        "\(witness.id) \(name) is tried again after \(facts.failures) failures, of \(limit) attempts")
    }
    if let (from, span, life) = facts.asked, !clockIsAdrift(since: life) {
      let now = time.elapsed()
      check(
        now >= from + span * 10 / 11 - .milliseconds(5), .waitsAreKept,
        "\(witness.id) \(name) was asked to wait for \(span), and comes after \(now - from)")
    }
  }

  /// A wait is over: not before its time.
  func checkWait(at place: StepPath, _ witness: Witness) {
    guard let since = witness.waitSince, !clockIsAdrift(since: since.life),
      case .wait(let span)? = witness.course.plan.step(at: place)?.verb
    else { return }
    let passed = time.elapsed() - since.at
    check(
      passed >= span * 10 / 11 - .milliseconds(5), .waitsAreKept,
      "\(witness.id) waited for \(passed) instead of \(span)")
  }

  func ended(_ number: UInt64, _ answer: SeenAnswer, retryAfter: Duration?) {
    guard let open = requests.open.removeValue(forKey: number) else { return }
    history.note("request \(number) ends: \(answer.text)")
    let witness = witnesses[open.walker] ?? strands[open.walker]
    // What broke on a kept connection is sent again at once, and says nothing yet; what was cancelled
    // before it ended says nothing at all.
    let saysNothing =
      (answer.brokeKeptConnection && !open.isFresh)
      || (witness?.isCancelledUnheard == true && answer.isAlive == false)
    requests.gates[open.server].ended(number, isAlive: saysNothing ? nil : answer.isAlive)
    guard let witness, witness.open == number else { return }
    witness.open = nil
    if case .cancelled = answer {
      if isStopping { witness.interruptions += 1 }
    } else if answer.brokeKeptConnection, !open.isFresh {
      witness.broken = (key: open.key, number: number)
    } else {
      witness.outcome = Witness.Outcome(
        place: open.place, key: open.key, answer: answer, retryAfter: retryAfter, at: time.elapsed(),
        life: life)
    }
  }
}
