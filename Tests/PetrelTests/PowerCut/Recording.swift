import Glibc

/// A life of the real binary under signed load, or two, as their disk saw them.
struct Recording {
  let installation: Installation
  let entries: [DiskEntry]
  /// A copy of the data folder as it was before; nil where there was none.
  let base: String?

  /// One step after another, so that a power cut in between shows whether the first is on record.
  private static let workflow = """
    {"name": "two-steps", "on": {"hook": "github"},
     "retry": {"initial": "20ms", "factor": 2, "max": "100ms", "jitter": "full", "for": "1h"},
     "steps": [
       {"id": "first", "http": {"method": "POST", "url": "http://127.0.0.1:PORT/first", "json": {"n": "{{ event.body.n }}"}}},
       {"id": "second", "http": {"method": "POST", "url": "http://127.0.0.1:PORT/second", "json": {"n": "{{ event.body.n }}"}}}
     ]}
    """

  /// - Parameters:
  ///   - events: how many are acknowledged at least while the record runs.
  ///   - warm: begins with the folder of a relay that ran before.
  init(events: Int, warm: Bool) throws {
    try self.init { installation, load in
      guard warm else { return nil }
      let folder = installation.folder.path
      let process = try installation.start()
      try load.run(until: events)
      process.signal(SIGTERM)
      process.wait()
      let copied = unsafe system(
        "mkdir '\(folder)/base' && cp --sparse=always '\(folder)/data/data.mdb' '\(folder)/base/'")
      guard copied == 0 else { throw Folder.Failure(what: "cp") }
      return "\(folder)/base"
    } lives: { installation, load, disk in
      let process = try installation.start(environment: disk.environment(recording: true))
      try load.run(until: load.acknowledged.count + events)
      // A kill could come between a call and its entry.
      process.signal(SIGTERM)
      process.wait()
    }
  }

  /// A first start that is killed at a storage call, and a second one that takes a few events.
  init(killedAt call: Int64, _ moment: Disk.Moment) throws {
    try self.init { _, _ in
      nil
    } lives: { installation, load, disk in
      disk.kill(at: call, moment)
      let first = try installation.launch(environment: disk.environment(recording: true))
      guard Installation.until({ first.hasEnded }) else {
        throw Folder.Failure(what: "call \(call) never came")
      }
      first.wait()
      disk.kill(at: 0, .before)
      let second = try installation.start(environment: disk.environment(recording: true))
      try load.run(until: load.acknowledged.count + 3)
      second.destroy()
    }
  }

  private init(
    before: (Installation, Load) throws -> String?, lives: (Installation, Load, Disk) throws -> Void
  ) throws {
    let sink = try Sink { _, before in
      before % 16 == 5 ? .hangUp : before % 8 == 3 ? .answer(503) : .answer(200)
    }
    defer { sink.close() }
    installation = try Installation(
      workflow: Self.workflow.replacing("PORT", with: String(sink.port)), maxSize: "16MiB")
    let load = Load(port: installation.port)
    defer { load.abandon() }
    base = try before(installation, load)
    let disk = try Disk(root: installation.folder.path)
    try lives(installation, load, disk)
    entries = try DiskEntry.read(disk.log)
  }

  /// The data file as the process left it.
  var dataFile: String { "\(installation.folder.path)/data/data.mdb" }
}
