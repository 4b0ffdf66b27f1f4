import Glibc
import RelayDocuments
import Testing

/// A relay under signed load with a destination that refuses and hangs up, and what must hold of it however it was
/// killed.
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
final class CrashTrial {
  let sink: Sink
  let installation: Installation
  let load: Load

  private static let workflow = """
    {"name": "two-steps", "on": {"hook": "github"},
     "retry": {"initial": "50ms", "factor": 2, "max": "500ms", "jitter": "full", "for": "1h"},
     "steps": [
       {"id": "first", "http": {"method": "POST", "url": "http://127.0.0.1:PORT/first", "json": {"n": "{{ event.body.n }}"}}},
       {"id": "second", "http": {"method": "POST", "url": "http://127.0.0.1:PORT/second", "json": {"n": "{{ event.body.n }}"}}}
     ]}
    """

  /// - Parameter misbehaves: one request in eight is refused with 503, one in sixteen cut off without an answer.
  init(misbehaves: Bool = true) throws {
    sink = try Sink { _, before in
      guard misbehaves else { return .answer(200) }
      return before % 16 == 5 ? .hangUp : before % 8 == 3 ? .answer(503) : .answer(200)
    }
    installation = try Installation(
      workflow: Self.workflow.replacing("PORT", with: String(sink.port)),
      extra: "egress: { breaker: { failures: 1000 } }")
    load = Load(port: installation.port)
  }

  deinit {
    load.abandon()
    sink.close()
  }

  /// Starts it for the last time, lets everything come to its end, and holds the records against each other.
  func settle(_ name: String, kills: Int) throws {
    let process = try installation.start()
    load.resume()
    load.finish()
    let acknowledged = load.acknowledged
    // Nobody but the killer is to blame for what died three times.
    try retryDeadLetters()
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
    process.signal(SIGTERM)
    #expect(process.wait() == 0)
    try checkStore()
    print(
      "\(name): \(kills) kills, \(acknowledged.count) acknowledged, \(sink.deliveries.count) deliveries, "
        + "lost \(lost.count), re-run \(oracle.reRun.count), changed \(oracle.changed.count)")
  }

  /// Waits until what died twice has had its turn, then retries what was quarantined.
  private func retryDeadLetters() throws {
    let idle = waitUntil(seconds: 60) {
      guard let answer = try? Socket(port: installation.adminPort).exchange("GET", "/api/status") else {
        return false
      }
      return (try? JSON.parse(answer.body))?["backlog"]?.int == 0
    }
    #expect(idle, "the backlog does not drain")
    let retry = try installation.command("dead-letters", "retry")
    #expect(retry.status == 0, "dead-letters retry: \(retry.output)")
  }

  private func checkStore() throws {
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
