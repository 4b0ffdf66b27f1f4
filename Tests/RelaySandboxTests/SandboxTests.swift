import Glibc
import RelayModel
import RelaySandbox
import RelayThreads
import Testing

extension RelaySandboxSuites {
  /// The processes: when there are some, how many, and what becomes of scripts whose process goes.
  @Suite struct SandboxTests {
    @Test func `no process is there before the first script, and none after a while without one`() throws {
      let trial = try Trial(idle: .milliseconds(20))
      #expect(try Trial.children() == [])
      #expect(trial.run("return 1") == "1")
      #expect(waits { try Trial.children() == [] })
      #expect(trial.run("return 2") == "2")
    }

    @Test func `one process runs script after script`() throws {
      let trial = try Trial(children: 4)
      #expect(trial.run("return 1") == "1")
      let first = try Trial.children()
      #expect(first.count == 1)
      for _ in 0..<20 { #expect(trial.run("return 2") == "2") }
      #expect(try Trial.children() == first)
    }

    @Test func `a hundred scripts at once all come to their values`() throws {
      let trial = try Trial(children: 4)
      for number in 0..<100 {
        trial.start(
          "local n = 0 for i = 1, 1000 do n = n + i end return n + x", #"{"x":\#(number)}"#, number: number)
      }
      let results = trial.results(100)
      #expect(results.count == 100)
      for (number, result) in results { #expect(result == .success(Array("\(500_500 + number)".utf8))) }
      #expect(try Trial.children().count <= 4)
    }

    @Test func `a script that does not end delays no other for longer than its own time`() throws {
      let trial = try Trial(children: 2)
      trial.start("while true do end", timeout: .milliseconds(300), number: 1)
      for number in 2...20 { trial.start("return 1", number: number) }
      #expect(trial.results(20).values.filter { $0 == .success(Array("1".utf8)) }.count == 19)
    }

    @Test func `a script whose process is killed from outside is lost, which may be tried again`() throws {
      let trial = try Trial()
      #expect(trial.run("return 1") == "1")
      let process = try #require(try Trial.children().first)
      trial.start("while true do end")
      #expect(waits { spins(process) })
      kill(process, SIGKILL)
      guard case .failure(let failure) = try #require(trial.results(1)[0]) else {
        Issue.record("a killed script has a value")
        return
      }
      #expect(failure.code == .lost)
      #expect(failure.isRetryable)
      #expect(trial.run("return 1") == "1")
    }

    @Test func `an idle process that was killed is replaced`() throws {
      let trial = try Trial()
      #expect(trial.run("return 1") == "1")
      for process in try Trial.children() { kill(process, SIGKILL) }
      // The first script may meet the dead process; then it is lost, and the next has a new one.
      _ = trial.run("return 1")
      #expect(trial.run("return 1") == "1")
    }

    @Test func `a cancelled script ends, and nobody is told`() throws {
      let trial = try Trial()
      let running = trial.start("while true do end", number: 1)
      let waiting = trial.start("return 2", number: 2)
      trial.sandbox.cancel(waiting)
      trial.sandbox.cancel(running)
      trial.start("return 3", number: 3)
      #expect(trial.results(1).keys.sorted() == [3])
    }

    @Test func `a sandbox that stops leaves no process`() throws {
      let trial = try Trial(children: 2)
      trial.start("while true do end", number: 1)
      trial.start("return 2", number: 2)
      #expect(trial.results(1).keys.sorted() == [2])
      trial.sandbox.stop()
      #expect(waits { try Trial.children() == [] })
    }

    @Test func `a process is confined`() throws {
      let trial = try Trial()
      #expect(trial.run("return 1") == "1")
      let process = try #require(try Trial.children().first)
      let status = Trial.read("/proc/\(process)/status")
      #expect(status.contains("Seccomp:\t2"))
      #expect(status.contains("NoNewPrivs:\t1"))
      let limits = Trial.read("/proc/\(process)/limits")
      for (name, wanted) in [
        ("Max open files", "0"), ("Max file size", "0"), ("Max processes", "0"), ("Max core", "0"),
      ] {
        let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix(name) })
        #expect(line.split(separator: " ").contains { $0 == wanted }, "\(line)")
      }
    }

    @Test func `a program that is no petrel runs no scripts`() throws {
      let sandbox = Sandbox(program: "/bin/true", children: 1)
      defer { sandbox.stop() }
      let results = Inbox<Result<[UInt8], ScriptFailure>>()
      _ = sandbox.start(Script(source: "return 1", input: Array("{}".utf8), timeout: .seconds(1))) {
        results.put($0)
      }
      guard case .failure(let failure)? = results.wait(atMost: .seconds(60)).first else {
        Issue.record("a script ran")
        return
      }
      #expect(failure.code == .unavailable)
    }

    /// Whether the process has used the processor for a while.
    private func spins(_ process: pid_t) -> Bool {
      let fields = Trial.read("/proc/\(process)/stat").split(separator: " ")
      return fields.count > 13 && (Int(fields[13]) ?? 0) >= 5
    }

    private func waits(_ condition: () throws -> Bool) -> Bool {
      let nobody = Inbox<Void>()
      for _ in 0..<3000 {
        if let holds = try? condition(), holds { return true }
        _ = nobody.wait(atMost: .milliseconds(10))
      }
      return false
    }
  }
}
