import Glibc
import RelayDocuments
import Testing

/// `code` in the real binary, from a signed request to the request that it sends.
@Suite struct ScriptTests {
  private func workflow(_ code: String, to sink: Sink) -> String {
    """
    {"name":"test","on":{"hook":"github"},"steps":[
      {"id":"script","timeout":"4s","code":\(code)},
      {"id":"send","http":{"method":"POST","url":"http://127.0.0.1:\(sink.port)/items","json":"{{ steps.script }}"}}]}
    """
  }

  private func execution(_ installation: Installation, _ body: String) throws -> String {
    let answer = try installation.deliver(body, id: "d-\(body.hashValue)")
    return try #require(try JSON.parse(answer.body)["executions"]?.array?.first?.string)
  }

  /// The processes that run scripts for `relay`.
  private func scripts(of relay: RelayProcess) throws -> [pid_t] {
    try Self.processes().filter { process in
      let words = (try? Folder.text(of: "/proc/\(process)/cmdline"))?.split(separator: "\0") ?? []
      return words.count == 3 && words[1] == "--serve-scripts" && words[2] == "\(relay.identifier)"
    }
  }

  private static func processes() throws -> [pid_t] {
    guard let folder = unsafe opendir("/proc") else { return [] }
    defer { unsafe closedir(folder) }
    var found: [pid_t] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if let process = pid_t(name) { found.append(process) }
    }
    return found
  }

  @Test func `a script's value goes out with the next request`() throws {
    let sink = try Sink()
    defer { sink.close() }
    let code =
      #"{"lua":"local n = 0 for _, v in ipairs(with.list) do n = n + v end return {sum = n, hook = event.hook}","with":{"list":"{{ event.body.list }}"}}"#
    let installation = try Installation(workflow: workflow(code, to: sink))
    let relay = try installation.start()
    defer { relay.destroy() }
    #expect(try scripts(of: relay) == [])
    let id = try execution(installation, #"{"list":[1,2,3.5]}"#)
    #expect(
      try Installation.until { try installation.admin("/api/executions/\(id)")["status"] == "succeeded" })
    #expect(sink.deliveries.map(\.body) == [#"{"hook":"github","sum":6.5}"#])
    #expect(try scripts(of: relay).count == 1)
    relay.signal(SIGTERM)
    #expect(relay.wait() == 0)
    #expect(try scripts(of: relay) == [])
  }

  @Test func `a relay that is killed while a script runs leaves no process, and runs it again`() throws {
    let sink = try Sink()
    defer { sink.close() }
    let code = #""if event.body.spin then while true do end end return 1""#
    let installation = try Installation(workflow: workflow(code, to: sink))
    var relay = try installation.start()
    let id = try execution(installation, #"{"spin":true}"#)
    #expect(try Installation.until { try !scripts(of: relay).isEmpty })
    relay.destroy()
    #expect(try Installation.until { try scripts(of: relay).isEmpty })
    relay = try installation.start()
    defer { relay.destroy() }
    #expect(try Installation.until { try scripts(of: relay).count == 1 })
    // Others go on beside it.
    let other = try execution(installation, "{}")
    #expect(
      try Installation.until { try installation.admin("/api/executions/\(other)")["status"] == "succeeded" })
    #expect(try Installation.until { try installation.admin("/api/executions/\(id)")["status"] == "failed" })
    let failure = try installation.admin("/api/executions/\(id)")["failure"]
    #expect(failure?["code"] == "code_timeout")
  }

  @Test func `a hundred events at once, each with its script, all end well`() throws {
    let sink = try Sink()
    defer { sink.close() }
    let installation = try Installation(workflow: workflow(#""return event.body.n * 2""#, to: sink))
    let relay = try installation.start()
    defer { relay.destroy() }
    for number in 0..<100 { _ = try execution(installation, #"{"n":\#(number)}"#) }
    #expect(Installation.until { sink.deliveries.count == 100 })
    #expect(Set(sink.deliveries.map(\.body)) == Set((0..<100).map { "\($0 * 2)" }))
    #expect(try scripts(of: relay).count <= 4)
  }

  @Test(arguments: [[], ["--dry-run"]])
  func `a run in the foreground runs scripts, a dry one as well`(options: [String]) throws {
    let sink = try Sink()
    defer { sink.close() }
    let installation = try Installation(workflow: workflow(#""return {n = event.body.n + 1}""#, to: sink))
    try installation.folder.write("event.json", #"{"n":1}"#)
    let run = try CommandRun(
      [
        "run", "test", "--event", "\(installation.folder.path)/event.json", "--json", "--config",
        installation.configuration,
      ]
        + options)
    #expect(run.status == 0, "\(run.output)\(run.messages)")
    #expect(try run.json["steps"]?.array?.first?["output"]?["n"] == 2)
    #expect(sink.deliveries.count == (options.isEmpty ? 1 : 0))
  }

  @Test func `a check tells of a script that does not compile, with its place`() throws {
    let sink = try Sink()
    defer { sink.close() }
    let installation = try Installation(workflow: workflow(#""return (""#, to: sink))
    let check = try CommandRun(["check", "--config", installation.configuration])
    #expect(check.status == 78 || check.status == 65)
    let told = check.output + check.messages
    #expect(told.contains("test.json:2:"), "\(told)")
    #expect(told.contains("is not Lua 5.4: script:1: unexpected symbol near <eof>"), "\(told)")
  }
}
