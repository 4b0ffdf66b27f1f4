import Glibc
import RelayDocuments
import Testing

/// What a machine does to a process: it is stopped, told to end, given another time, and has no descriptors and no
/// room left.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: Disk.isThere)) struct MachineFaultTests {
  @Test func `stopped for three seconds under load, it goes on and repeats nothing`() throws {
    let trial = try CrashTrial(misbehaves: false)
    let process = try trial.installation.start()
    defer { process.destroy() }
    try trial.load.run(until: 50)
    trial.load.resume()
    process.signal(SIGSTOP)
    poll(nil, 0, 3000)
    process.signal(SIGCONT)
    try trial.load.run(until: trial.load.acknowledged.count + 50)
    try expectOnce(trial)
  }

  @Test func `SIGTERM under load loses nothing, repeats nothing, and exits 0`() throws {
    let trial = try CrashTrial(misbehaves: false)
    for _ in 0..<4 {
      let process = try trial.installation.start()
      trial.load.resume()
      poll(nil, 0, 150)
      process.signal(SIGTERM)
      #expect(process.wait() == 0)
      trial.load.pause()
    }
    let process = try trial.installation.start()
    defer { process.destroy() }
    try expectOnce(trial)
  }

  /// Every acknowledged event is delivered, and every step once.
  private func expectOnce(_ trial: CrashTrial) throws {
    trial.load.resume()
    trial.load.finish()
    let acknowledged = trial.load.acknowledged
    let isThere = Installation.until {
      CrashOracle(trial.sink.deliveries).finished.isSuperset(of: acknowledged.keys)
    }
    #expect(isThere, "not all that was acknowledged is delivered")
    let deliveries = trial.sink.deliveries
    let repeated = Dictionary(grouping: deliveries, by: \.key).filter { $0.value.count > 1 }
    #expect(repeated.isEmpty, "\(repeated.count) requests went out twice")
  }

  @Test(arguments: [-86_400, 86_400] as [Int64])
  func `a wall clock that jumps makes no retry early, late or many`(seconds: Int64) throws {
    let sink = try Sink { _, _ in .answer(503) }
    defer { sink.close() }
    let installation = try Installation(
      workflow: """
        { "name": "test", "on": { "hook": "github" },
          "retry": { "initial": "200ms", "factor": 1, "max": "200ms", "jitter": "none" },
          "steps": [ { "id": "send", "http": { "method": "POST", "url": "http://127.0.0.1:\(sink.port)/" } } ] }
        """, extra: "egress: { breaker: { failures: 100000 } }")
    let disk = try Disk(root: installation.folder.path)
    let process = try installation.start(environment: disk.environment())
    defer { process.destroy() }
    #expect(try installation.deliver("{}", id: "1").status == 202)
    #expect(Installation.until { sink.deliveries.count >= 3 })
    disk.shiftClock(seconds: seconds)
    let before = sink.deliveries.count
    poll(nil, 0, 3000)
    let made = sink.deliveries.count - before
    #expect((5...20).contains(made), "\(made) retries in three seconds")
    #expect(try installation.deliver("{}", id: "2").status == 202)
    #expect(try installation.deliver("{}", id: "1").status == 200, "a duplicate is one by whatever clock")
  }

  @Test func `with 64 descriptors it turns connections away, and neither spins nor loses its disk`() throws {
    let installation = try Installation()
    // A child inherits what other tests have open.
    let closing = #"for file in /proc/self/fd/*; do n=${file##*/}; [ $n -gt 2 ] && eval "exec $n>&-"; done"#
    let process = try installation.start(
      environment: ["PATH": "/usr/bin:/bin"],
      wrapper: ["/bin/bash", "-c", closing + #"; ulimit -n 64; exec "$@""#, "bash"])
    defer { process.destroy() }
    // They stay open, as long as the relay lets them.
    let idle = (0..<200).compactMap { _ in try? Socket(port: installation.port, patience: 1) }
    let before = try Self.processorTicks(process)
    let start = Installation.seconds()
    let answered = Installation.until { (try? installation.deliver("{}", id: "1"))?.status == 202 }
    #expect(answered && Installation.seconds() - start < 5, "a valid event finds no place")
    poll(nil, 0, 1000)
    let spent = try Self.processorTicks(process) - before
    #expect(spent < 80 * max(1, Int(Installation.seconds() - start)), "\(spent) ticks: it spins")
    #expect(!process.hasEnded)
    #expect(idle.count > 0)
    #expect(try installation.deliver("{}", id: "2").status == 202)
  }

  /// Processor time in hundredths of a second.
  private static func processorTicks(_ process: RelayProcess) throws -> Int {
    let text = try Folder.text(of: "/proc/\(process.identifier)/stat")
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Int(fields[11]), let kernel = Int(fields[12]) else {
      throw Folder.Failure(what: "/proc/\(process.identifier)/stat")
    }
    return user + kernel
  }

  @Test func `a full store is answered 503, stays in its bound, and still delivers what it has`() throws {
    let isOpen = Flag()
    let sink = try Sink { _, _ in isOpen.isSet ? .answer(200) : .answer(503) }
    defer { sink.close() }
    let installation = try Installation(
      workflow: Installation.workflow(to: sink).replacing(
        #""steps""#, with: #""retry": { "initial": "100ms", "max": "1s" }, "steps""#), maxSize: "16MiB")
    let process = try installation.start()
    defer { process.destroy() }
    var accepted = 0
    var pad = 40_000
    var refusal: Message?
    // Something smaller finds a place for longer.
    while pad > 0 && accepted < 3000 {
      let body = #"{"number":\#(accepted),"pad":"\#(String(repeating: "x", count: pad))"}"#
      let answer = try installation.deliver(body, id: "d-\(accepted)-\(pad)")
      if answer.status == 202 { accepted += 1 } else { pad /= 2 }
      if answer.status != 202 { refusal = answer }
    }
    let refused = try #require(refusal)
    #expect(refused.status == 503)
    try AttackedRelay.expectProblem(refused, "store_full")
    let readiness = try Socket(port: installation.port).exchange("GET", "/readyz")
    #expect(readiness.status == 503, "\(readiness.text)")
    #expect(Folder.size(of: "\(installation.folder.path)/data/data.mdb") <= 16 << 20)
    isOpen.set()
    let all = Set((0..<accepted).map(String.init))
    let isDelivered = Installation.until {
      let seen = sink.deliveries.compactMap { try? JSON.parse(Array($0.body.utf8))["number"]?.int }
      return Set(seen.map(String.init)).isSuperset(of: all)
    }
    #expect(isDelivered, "of \(accepted) some are not delivered")
  }
}
