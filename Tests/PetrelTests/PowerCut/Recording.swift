import Glibc

/// A life of the real binary under signed load, as its disk saw it.
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
    let sink = try Sink { _, before in
      before % 16 == 5 ? .hangUp : before % 8 == 3 ? .answer(503) : .answer(200)
    }
    defer { sink.close() }
    installation = try Installation(
      workflow: Self.workflow.replacing("PORT", with: String(sink.port)), maxSize: "16MiB")
    let folder = installation.folder.path
    let load = Load(port: installation.port)
    defer { load.abandon() }
    if warm {
      let process = try installation.start()
      try load.run(until: events)
      process.signal(SIGTERM)
      process.wait()
      base = "\(folder)/base"
      guard
        unsafe system("mkdir '\(folder)/base' && cp --sparse=always '\(folder)'/data/* '\(folder)/base/'")
          == 0
      else { throw Folder.Failure(what: "cp") }
    } else {
      base = nil
    }
    let disk = try Disk(root: folder)
    let process = try installation.start(environment: disk.environment(recording: true))
    try load.run(until: load.acknowledged.count + events)
    process.destroy()
    entries = try DiskEntry.read(disk.log)
  }

  /// The data file as the process left it.
  var dataFile: String { "\(installation.folder.path)/data/data.mdb" }
}
