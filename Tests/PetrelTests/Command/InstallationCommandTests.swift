import Glibc
import RelayDocuments
import Testing

@Suite struct InstallationCommandTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func initialised() throws -> String {
    _ = try CommandRun(["init", "new"], in: folder.path)
    return "\(folder.path)/new/petrel.yaml"
  }

  @Test func `a new installation is made, and is sound`() throws {
    let made = try CommandRun(["init", "new"], in: folder.path)
    #expect(made.status == 0)
    #expect(
      made.output
        == ["petrel.yaml", "workflows/hello.json", "event.json", "petrel.service"].map { "new/\($0)\n" }
        .joined())
    let checked = try CommandRun(["check", "--config", "\(folder.path)/new/petrel.yaml"])
    #expect(checked.status == 0)
    #expect(checked.output.isEmpty)
    #expect(checked.messages == "1 configuration, 1 hook, 1 workflow: sound\n")
    #expect(try folder.read("new/petrel.service").contains("serve --config \(folder.path)/new/petrel.yaml"))
  }

  @Test func `the unit that init writes confines the relay as the packaged one does`() throws {
    let folder = try Folder()
    let process = try RelayProcess(["init", "\(folder.path)/new"], log: "\(folder.path)/init.log")
    #expect(process.wait() == 0)
    let written = try folder.read("new/petrel.service").split(separator: "\n")
    let packaged = try Folder.text(of: "\(RelayProcess.repository)/packaging/systemd/petrel.service")
    // Where its folder and its binary are, and whose they are, differs; an own folder may be in a home.
    let own = [
      "Documentation=", "ExecStart=", "Group=", "EnvironmentFile=", "StateDirectory", "ProtectHome=", "#",
    ]
    let rules = packaged.split(separator: "\n").filter { line in !own.contains { line.hasPrefix($0) } }
    #expect(rules.count > 40)
    #expect(rules.filter { !written.contains($0) } == [])
  }

  @Test func `nothing that is there is replaced`() throws {
    try folder.write("new/petrel.yaml", "# mine\n")
    let run = try CommandRun(["init", "new"], in: folder.path)
    #expect(run.status == 1)
    #expect(try folder.read("new/petrel.yaml") == "# mine\n")
  }

  @Test func `the usual place is looked at`() throws {
    try folder.write("config/petrel.yaml", "hooks: {}\n")
    #expect(try CommandRun(["check"], in: folder.path).status == 0)
  }

  @Test func `no configuration ends with 78 and says how to make one`() throws {
    for command in [
      ["check"], ["status"], ["executions", "list"], ["restore", "/tmp"], ["doctor", "--offline", "/x"],
    ] {
      let run = try CommandRun(command, in: folder.path)
      #expect(run.status == (command.first == "doctor" ? 66 : 78))
    }
    #expect(try CommandRun(["check"], in: folder.path).messages.contains("petrel init DIR"))
  }

  @Test func `every mistake is told at once with its place, and ends with 78`() throws {
    try folder.write(
      "petrel.yaml",
      "lisen: 127.0.0.1:1\ndrain: soon\nhooks: { a: { verify: { provider: githb, secret: env:NO } } }\n")
    let run = try CommandRun(["check", "--config", "petrel.yaml"], in: folder.path)
    #expect(run.status == 78)
    let lines = run.output.split(separator: "\n")
    #expect(lines.first == "petrel.yaml:1:1: unknown key \"lisen\"; did you mean \"listen\"?")
    #expect(lines.last?.hasPrefix("petrel.yaml:2:8: drain must be a duration") == true)
    #expect(run.messages.isEmpty)
    let others = try CommandRun(["status", "--config", "petrel.yaml"], in: folder.path)
    #expect(others.status == 78)
    #expect(others.messages.split(separator: "\n").dropFirst().first == lines.first)
  }

  @Test func `secrets are looked at where they lie`() throws {
    try folder.write("petrel.yaml", "hooks: { a: { verify: { provider: github, secret: env:S } } }\n")
    func check(_ environment: [String: String]) throws -> CommandRun {
      try CommandRun(["check", "--config", "petrel.yaml"], environment: environment, in: folder.path)
    }
    #expect(try check(["S": "0123456789abcdef"]).status == 0)
    let missing = try check([:])
    #expect(missing.status == 78)
    #expect(missing.output == "petrel.yaml:1:51: hooks.a.verify.secret env:S: the variable is not set\n")
    let short = try check(["S": "short"])
    #expect(short.output.contains("has 5 bytes; use 16 or more, or write short_secret: true"))
    #expect(!short.output.contains("short\""))
  }

  @Test func `a wrong workflow is told with its place, and ends with 65`() throws {
    let config = try initialised()
    try folder.write(
      "new/workflows/bad.json",
      "{ \"name\": \"bad\", \"on\": { \"hook\": \"helo\" },\n  \"steps\": [ { \"id\": \"a\", \"sett\": {} } ] }"
    )
    let run = try CommandRun(["check", "--config", config])
    #expect(run.status == 65)
    #expect(run.output.contains("bad.json:2:"))
    let alone = try CommandRun(["check", "\(folder.path)/new/workflows/bad.json", "--json"])
    #expect(alone.status == 65)
    #expect(try alone.json["sound"]?.bool == false)
    #expect(try CommandRun(["check", "\(folder.path)/new/workflows/hello.json"]).status == 0)
  }

  @Test func `the schema is printed without a configuration`() throws {
    let run = try CommandRun(["check", "--schema"], in: folder.path)
    #expect(run.status == 0)
    #expect(try run.json["title"]?.string == "Petrel workflow")
  }

  @Test func `an override is heard`() throws {
    let config = try initialised()
    let run = try CommandRun(["check", "--config", config], environment: ["PETREL_LISTEN": "0.0.0.0:8080"])
    #expect(run.status == 78)
    #expect(run.output.contains("plain secrets are for loopback only"))
  }
}

@Suite struct OfflineCommandTests {
  private let folder: Folder
  private let config: String

  init() throws {
    folder = try Folder()
    config = try folder.write("petrel.yaml", "store: { max_size: 64MiB }\nhooks: {}\n")
  }

  private func offline(_ arguments: [String], input: String = "") throws -> CommandRun {
    try CommandRun(arguments + ["--offline", "--config", config], input: input)
  }

  @Test func `a stopped relay is unreachable, and says what to do`() throws {
    let run = try CommandRun(["status", "--config", config])
    #expect(run.status == 69)
    #expect(run.messages.contains("Is it running?"))
    #expect(run.messages.contains("petrel serve --config \(config)"))
    let remote = try CommandRun(["status", "--url", "http://127.0.0.1:1"])
    #expect(remote.status == 69)
  }

  @Test func `a folder without a store is not made by looking`() throws {
    #expect(try offline(["events", "list"]).status == 78)
    #expect(unsafe access("\(folder.path)/data", F_OK) != 0)
  }

  @Test func `secrets go in by stdin and do not come out`() throws {
    #expect(try offline(["secrets", "set", "legacy"], input: "hunter2hunter2\n").status == 0)
    let list = try offline(["secrets", "list", "--json"])
    #expect(try list.json["items"]?.array?.first?["name"]?.string == "legacy")
    #expect(!list.output.contains("hunter2"))
    var status = stat()
    #expect(unsafe stat("\(folder.path)/data/key", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(try offline(["secrets", "delete", "legacy"]).status == 0)
    #expect(try offline(["secrets", "delete", "legacy"]).status == 66)
    #expect(try offline(["secrets", "set", "legacy"], input: "").status == 65)
    #expect(try offline(["secrets", "set", "Not A Name"], input: "x").status == 65)
  }

  @Test func `a hook's vault entry is found by check`() throws {
    try folder.write(
      "petrel.yaml",
      "store: { max_size: 64MiB }\nhooks: { a: { verify: { provider: github, secret: vault:legacy } } }\n")
    #expect(try CommandRun(["check", "--config", config]).output.contains("petrel secrets set legacy"))
    #expect(try offline(["secrets", "set", "legacy"], input: "0123456789abcdef").status == 0)
    #expect(try CommandRun(["check", "--config", config]).status == 0)
  }

  @Test func `a token is printed alone, and can be revoked`() throws {
    let made = try offline(["tokens", "create", "--role", "viewer", "--name", "grafana"])
    #expect(made.status == 0)
    let token = made.output.split(separator: "\n").first.map(String.init) ?? ""
    #expect(token.hasPrefix("ptk_"))
    #expect(made.output == "\(token)\n")
    let list = try offline(["tokens", "list"])
    #expect(list.output.contains("grafana"))
    #expect(!list.output.contains(token))
    #expect(try offline(["tokens", "revoke", token]).status == 0)
    #expect(try offline(["tokens", "revoke", token]).status == 66)
  }

  @Test(arguments: [
    ["executions", "show", "exe_1"], ["executions", "retry", "exe_1"], ["executions", "cancel", "exe_1"],
    ["events", "show", "evt_1"], ["rejected", "show", "rej_1"], ["events", "replay", "evt_1"],
    ["executions", "retry", "exe_1", "exe_2"],
  ])
  func `an unknown id ends with 66`(arguments: [String]) throws {
    _ = try offline(["tokens", "create", "--role", "viewer"])
    #expect(try offline(arguments).status == 66)
  }

  @Test func `an empty list says so to people, and is empty for machines`() throws {
    _ = try offline(["tokens", "create", "--role", "viewer"])
    let people = try offline(["executions", "list"])
    #expect(people.status == 0)
    #expect(people.output.isEmpty)
    #expect(people.messages == "No executions match.\n")
    #expect(try offline(["events", "list", "--ids"]).output.isEmpty)
    let machines = try offline(["events", "list", "--json"])
    #expect(try machines.json == ["items": [], "next": .null])
  }

  @Test func `a folder in use ends with 75`() throws {
    _ = try offline(["tokens", "create", "--role", "viewer"])
    let lock = unsafe open("\(folder.path)/data/petrel.lock", O_RDWR)
    defer { close(lock) }
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    for arguments in [["events", "list"], ["tokens", "create", "--role", "viewer"], ["compact"]] {
      #expect(try offline(arguments).status == 75)
    }
    #expect(try CommandRun(["doctor", "--offline", "\(folder.path)/data"]).status == 75)
  }

  @Test func `a backup is made, verified, brought back, and sound`() throws {
    _ = try offline(["tokens", "create", "--role", "viewer", "--name", "kept"])
    let copy = "\(folder.path)/copy"
    let made = try offline(["backup", copy, "--verify"])
    #expect(made.status == 0)
    #expect(try offline(["backup", copy]).status == 1)
    #expect(try CommandRun(["restore", copy, "--config", config]).status == 78)
    _ = unsafe rename("\(folder.path)/data", "\(folder.path)/old")
    let restored = try CommandRun(["restore", copy, "--config", config, "--json"])
    #expect(restored.status == 0)
    #expect(try offline(["tokens", "list"]).output.contains("kept"))
    #expect(try CommandRun(["doctor", "--offline", "\(folder.path)/data"]).status == 0)
    #expect(try CommandRun(["restore", "/nonexistent", "--config", config]).status == 66)
    #expect(try offline(["compact"]).status == 0)
  }

  @Test func `doctor names what is wrong and the fix, and ends with 1`() throws {
    let sound = try CommandRun(["doctor", "--config", config])
    #expect(sound.status == 0)
    #expect(sound.output.contains("✓ configuration: 1 configuration, 0 hooks, 0 workflows: sound"))
    #expect(sound.output.contains("! relay: it does not run"))
    _ = try offline(["secrets", "set", "a"], input: "x")
    unsafe chmod("\(folder.path)/data/key", 0o644)
    let exposed = try CommandRun(["doctor", "--config", config, "--store"])
    #expect(exposed.status == 1)
    #expect(exposed.output.contains("chmod 600 \(folder.path)/data/key"))
    #expect(exposed.output.contains("records read, all sound"))
    let ascii = try CommandRun(["doctor", "--config", config], environment: ["LC_ALL": "C"])
    #expect(ascii.output.contains("ok configuration"))
    #expect(!ascii.output.contains("✓"))
  }

  @Test func `a damaged store is found and named`() throws {
    _ = try offline(["tokens", "create", "--role", "viewer"])
    try folder.write("data/data.mdb", "garbage")
    let run = try CommandRun(["doctor", "--offline", "\(folder.path)/data"])
    #expect(run.status != 0)
    #expect(run.status != 70)
    #expect(run.status > 0)
  }

  @Test func `a damaged store is mended by compact --offline, which names what it left out`() throws {
    _ = try offline(["tokens", "create", "--role", "viewer", "--name", "crooked"])
    _ = try offline(["tokens", "create", "--role", "viewer", "--name", "straight"])
    try spoil("crooked")
    #expect(try CommandRun(["doctor", "--offline", "\(folder.path)/data"]).status == 1)
    let mended = try offline(["compact"])
    #expect(mended.status == 3)
    #expect(mended.messages.contains("tokens"))
    #expect(try CommandRun(["doctor", "--offline", "\(folder.path)/data"]).status == 0)
    let names = try offline(["tokens", "list"]).output
    #expect(names.contains("straight"))
    #expect(!names.contains("crooked"))
    #expect(try offline(["compact"]).status == 0)
  }

  /// Changes a byte of every place in the data file where `text` stands.
  private func spoil(_ text: String) throws {
    let descriptor = unsafe open("\(folder.path)/data/data.mdb", O_RDWR)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4 << 20)
    let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
    let wanted = Array(text.utf8)
    for start in 0..<max(0, count - wanted.count)
    where bytes[start..<start + wanted.count].elementsEqual(wanted) {
      #expect(unsafe pwrite(descriptor, "X", 1, off_t(start)) == 1)
    }
  }
}
