import Glibc
import RelayDocuments
import Testing

/// A disk that fails under the real binary.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: Disk.isThere)) struct DiskFaultTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let calls: Int64
    let error: Int32
    var times = Disk.forGood

    init(_ what: String, _ calls: Disk.Calls, _ error: Int32, times: Int64 = Disk.forGood) {
      testDescription = what + (times == Disk.forGood ? ", for good" : ", once")
      self.calls = calls.rawValue
      self.error = error
      self.times = times
    }
  }

  static let fatal = [Disk.forGood, 1].flatMap { times in
    [
      Fault("EIO when data is written", .data, EIO, times: times),
      Fault("EIO at a sync", .sync, EIO, times: times),
      Fault("EIO when the meta page is written", .meta, EIO, times: times),
      Fault("half of the data is written", .data, Disk.shortWrite, times: times),
      Fault("half of the meta page is written", .meta, Disk.shortWrite, times: times),
    ]
  }

  /// What a failed sync leaves behind is unknown: it is answered 503, ends the process, and is never tried again.
  @Test(arguments: fatal)
  func `a commit that the disk fails is answered 503 and ends the process`(fault: Fault) throws {
    let trial = try Trial()
    let accepted = try trial.accept(5)
    trial.disk.fail(Disk.Calls(rawValue: fault.calls), fault.error, times: fault.times)
    let refused = try trial.installation.deliver(#"{"n":5}"#, id: "d-5")
    #expect(refused.status == 503)
    try AttackedRelay.expectProblem(refused, "store_failed")
    try #require(Installation.until { trial.process.hasEnded }, "it goes on although the disk fails")
    #expect(trial.process.wait() == 74)
    #expect(try trial.installation.folder.read("relay.log").contains("the store has failed"))
    try trial.expectKept(accepted)
  }

  @Test func `a disk that fails while nobody sends anything ends the process`() throws {
    let installation = try Installation()
    let disk = try Disk(root: installation.folder.path)
    // The store is made of fewer writes than these; what follows are the zeros ahead of it.
    disk.fail(.data, EIO, after: 20)
    let relay = try installation.launch(environment: disk.environment())
    defer { relay.signal(SIGKILL) }
    try #require(Installation.until { relay.hasEnded }, "it goes on although the disk fails")
    #expect(relay.wait() == 74)
    #expect(try installation.folder.read("relay.log").contains("Input/output error"))
  }

  static let full = [ENOSPC, EDQUOT].flatMap { error in
    [
      Fault("no room for data (\(error))", .data, error),
      Fault("no room for data (\(error))", .data, error, times: 1),
      Fault("no room at a sync (\(error))", .sync, error),
      Fault("no room at a sync (\(error))", .sync, error, times: 1),
    ]
  }

  @Test(arguments: full)
  func `a full disk is answered 503 for as long as it lasts, and the relay goes on by itself`(
    fault: Fault
  ) throws {
    let trial = try Trial()
    var accepted = try trial.accept(5)
    trial.disk.fail(Disk.Calls(rawValue: fault.calls), fault.error, times: fault.times)
    for number in 5..<(fault.times == 1 ? 6 : 15) {
      let answer = try trial.installation.deliver(#"{"n":\#(number)}"#, id: "d-\(number)")
      #expect(answer.status == 503)
      try AttackedRelay.expectProblem(answer, "disk_full")
    }
    if fault.times == Disk.forGood {
      let ready = try Socket(port: trial.installation.port).exchange("GET", "/readyz").status
      #expect(ready == 503, "it is ready, and takes nothing")
      trial.disk.recover()
    }
    #expect(trial.installation.waitUntilReady())
    for number in 20..<25
    where try trial.installation.deliver(#"{"n":\#(number)}"#, id: "d-\(number)").status == 202 {
      accepted.append(number)
    }
    #expect(accepted.count == 10, "it does not go on: \(accepted)")
    trial.process.destroy()
    try trial.expectKept(accepted)
  }

  @Test func `a disk without room for its meta page loses nothing either`() throws {
    let trial = try Trial()
    let accepted = try trial.accept(5)
    trial.disk.fail(.meta, ENOSPC)
    #expect(try trial.installation.deliver(#"{"n":5}"#, id: "d-5").status == 503)
    // LMDB does not go on after that, so neither does the relay.
    try #require(Installation.until { trial.process.hasEnded })
    #expect(trial.process.wait() == 74)
    try trial.expectKept(accepted)
  }

  @Test func `a slow disk is shared by those who wait, and the relay stays ready`() throws {
    let trial = try CrashTrial(misbehaves: false)
    let disk = try Disk(root: trial.installation.folder.path)
    let process = try trial.installation.start(environment: disk.environment())
    defer { process.destroy() }
    disk.delaySyncs(milliseconds: 300)
    let start = Installation.seconds()
    try trial.load.run(until: 40)
    let span = Installation.seconds() - start
    // One after the other they would take twelve seconds for the syncs alone.
    #expect(span < 8, "40 events took \(span) s")
    for page in ["/healthz", "/readyz"] {
      #expect(try Socket(port: trial.installation.port).exchange("GET", page).status == 200)
    }
    disk.delaySyncs(milliseconds: 0)
  }

  @Test(arguments: [ENOSPC, EIO, EROFS])
  func `a disk that takes no new names is told at the start, and the next start is a clean one`(
    error: Int32
  ) throws {
    let installation = try Installation()
    let disk = try Disk(root: installation.folder.path)
    disk.fail(.names, error)
    let process = try installation.launch(environment: disk.environment())
    defer { process.signal(SIGKILL) }
    try #require(Installation.until { process.hasEnded }, "it starts without a store")
    let status = process.wait()
    #expect([74, 78].contains(status), "\(status)")
    let reason = unsafe String(cString: strerror(error))
    #expect(try installation.folder.read("relay.log").contains(reason))
    let again = try installation.start()
    defer { again.destroy() }
    #expect(try installation.deliver("{}", id: "1").status == 202)
  }
}

/// A relay on a disk of its own, with all zeros ahead written, so that the next writes are those of a commit.
private struct Trial {
  let installation: Installation
  let disk: Disk
  let process: RelayProcess

  init() throws {
    installation = try Installation(maxSize: "16MiB")
    disk = try Disk(root: installation.folder.path)
    process = try installation.start(environment: disk.environment())
    let file = "\(installation.folder.path)/data/data.mdb"
    guard Installation.until({ Folder.size(of: file) == 16 << 20 }) else {
      throw Folder.Failure(what: "the file does not grow")
    }
  }

  /// Delivers the events 0 to `count`, and answers their numbers.
  func accept(_ count: Int) throws -> [Int] {
    for number in 0..<count {
      #expect(try installation.deliver(#"{"n":\#(number)}"#, id: "d-\(number)").status == 202)
    }
    return Array(0..<count)
  }

  /// Starts it on a sound disk: what was answered 202 is there, and what was not can be delivered again.
  func expectKept(_ accepted: [Int]) throws {
    let again = try installation.start()
    defer { again.destroy() }
    for number in accepted {
      let answer = try installation.deliver(#"{"n":\#(number)}"#, id: "d-\(number)")
      #expect(answer.status == 200, "d-\(number) was answered 202")
    }
    #expect([200, 202].contains(try installation.deliver(#"{"n":5}"#, id: "d-5").status))
  }
}
