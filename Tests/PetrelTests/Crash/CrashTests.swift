import Glibc
import RelayDocuments
import Testing

/// The real binary, killed at random moments under signed load, again and again on the same data folder.
///
/// The oracle knows what was acknowledged and what the destination received:
/// - lost: an acknowledged event that was never delivered, after the last start and a quiet end;
/// - ghosts: a delivery of an event that nobody sent;
/// - re-run: a delivery of a step after the next step had begun, which shows that its outcome was durable;
/// - changed: two deliveries under one idempotency key with different bodies;
/// - twice: two executions of one delivery id, although it was sent again after a lost answer.
///
/// An execution that was under way at three deaths in a row is quarantined (`poison`), as promised: it is no
/// loss but a dead letter, which an operator retries at the end, and which must then be delivered too.
@Suite struct CrashTests {
  private static let cycles = RelayProcess.environment("PETREL_CRASH_CYCLES").flatMap(Int.init) ?? 25

  private static let workflow = """
    {"name": "two-steps", "on": {"hook": "github"},
     "retry": {"initial": "50ms", "factor": 2, "max": "500ms", "jitter": "full", "for": "1h"},
     "steps": [
       {"id": "first", "http": {"method": "POST", "url": "http://127.0.0.1:PORT/first", "json": {"n": "{{ event.body.n }}"}}},
       {"id": "second", "http": {"method": "POST", "url": "http://127.0.0.1:PORT/second", "json": {"n": "{{ event.body.n }}"}}}
     ]}
    """

  @Test func `kill -9 under load loses nothing acknowledged and runs no finished step again`() throws {
    // One request in eight is refused with 503, one in sixteen is cut off without an answer.
    let sink = try Sink { _, before in
      before % 16 == 5 ? .hangUp : before % 8 == 3 ? .answer(503) : .answer(200)
    }
    defer { sink.close() }
    let installation = try Installation(
      workflow: Self.workflow.replacing("PORT", with: String(sink.port)),
      extra: "egress: { breaker: { failures: 1000 } }")
    var random = SystemRandomNumberGenerator()
    let load = Load(port: installation.port)
    for _ in 0..<Self.cycles {
      let process = try installation.start()
      load.resume()
      poll(nil, 0, Int32.random(in: 20...250, using: &random))
      process.destroy()
      load.pause()
    }
    let process = try installation.start()
    load.resume()
    load.finish()
    let acknowledged = load.acknowledged
    // Nobody but the killer is to blame for what died three times.
    try retryDeadLetters(installation)
    let settled = waitUntil(seconds: 120) {
      CrashOracle(sink.deliveries).finished.isSuperset(of: acknowledged.keys)
    }
    let oracle = CrashOracle(sink.deliveries)
    let lost = Set(acknowledged.keys).subtracting(oracle.finished)
    #expect(settled && lost.isEmpty, "lost \(lost.count) of \(acknowledged.count): \(lost.prefix(5))")
    #expect(oracle.seen.isSubset(of: load.sent), "ghosts: \(oracle.seen.subtracting(load.sent).prefix(5))")
    #expect(oracle.reRun.isEmpty, "finished steps run again: \(oracle.reRun.prefix(5))")
    #expect(oracle.changed.isEmpty, "keys with another body: \(oracle.changed.prefix(5))")
    #expect(oracle.twice.isEmpty, "deliveries that ran twice: \(oracle.twice.prefix(5))")
    #expect(acknowledged.count >= Self.cycles, "the load was too small to show anything")
    process.signal(SIGTERM)
    #expect(process.wait() == 0)
    try checkStore(installation)
    print(
      "crash: \(Self.cycles) kills, \(acknowledged.count) acknowledged, \(sink.deliveries.count) deliveries, "
        + "lost \(lost.count), re-run \(oracle.reRun.count), changed \(oracle.changed.count)")
  }

  /// Waits until what died twice has had its turn, then retries what was quarantined.
  private func retryDeadLetters(_ installation: Installation) throws {
    let log = "\(installation.folder.path)/retry.log"
    let idle = waitUntil(seconds: 60) {
      guard let answer = try? Socket(port: installation.adminPort).exchange("GET", "/api/status") else {
        return false
      }
      return (try? JSON.parse(answer.body))?["backlog"]?.int == 0
    }
    #expect(idle, "the backlog does not drain")
    let retry = try RelayProcess(["dead-letters", "retry", "--config", installation.configuration], log: log)
    let status = retry.wait()
    let report = try installation.folder.read("retry.log")
    #expect(status == 0, "dead-letters retry: \(report)")
  }

  private func checkStore(_ installation: Installation) throws {
    let log = "\(installation.folder.path)/doctor.log"
    let doctor = try RelayProcess(["doctor", "--offline", "\(installation.folder.path)/data"], log: log)
    let status = doctor.wait()
    let report = try installation.folder.read("doctor.log")
    #expect(status == 0, "doctor: \(report)")
  }

  private func waitUntil(seconds: Double, _ condition: () -> Bool) -> Bool {
    let end = Installation.seconds() + seconds
    while Installation.seconds() < end {
      if condition() { return true }
      poll(nil, 0, 50)
    }
    return condition()
  }
}
