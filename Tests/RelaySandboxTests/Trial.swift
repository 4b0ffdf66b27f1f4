import Glibc
import RelayDocuments
import RelayModel
import RelaySandbox
import RelayThreads
import Testing

/// Each alone, so that the processes that a test sees are its own.
@Suite(.serialized) enum RelaySandboxSuites {}

/// A sandbox whose processes are the `petrel` of this build.
final class Trial: Sendable {
  let sandbox: Sandbox
  private let inbox = Inbox<(Int, Result<[UInt8], ScriptFailure>)>()

  init(children: Int = 1, idle: Duration = .seconds(600)) throws {
    sandbox = Sandbox(program: try Self.binary(), children: children, idle: idle)
  }

  deinit { sandbox.stop() }

  @discardableResult
  func start(
    _ source: String, _ input: String = "{}", timeout: Duration = .seconds(30),
    memory: ByteCount = SandboxBounds.memory, number: Int = 0
  ) -> ScriptToken {
    let script = Script(
      source: source, input: Array(input.utf8), timeout: timeout, memory: memory, seed: (1, 2))
    return sandbox.start(script) { [inbox] in inbox.put((number, $0)) }
  }

  /// The next `count` results, by number, once they are there or a minute is over.
  func results(_ count: Int) -> [Int: Result<[UInt8], ScriptFailure>] {
    var seen: [Int: Result<[UInt8], ScriptFailure>] = [:]
    while seen.count < count {
      let more = inbox.wait(atMost: .seconds(60))
      if more.isEmpty { break }
      for (number, result) in more { seen[number] = result }
    }
    return seen
  }

  /// Runs one script: its value as JSON text, or `code: message`.
  func run(
    _ source: String, _ input: String = "{}", timeout: Duration = .seconds(30),
    memory: ByteCount = SandboxBounds.memory
  ) -> String {
    start(source, input, timeout: timeout, memory: memory)
    switch results(1)[0] {
    case .success(let text): return String(decoding: text, as: UTF8.self)
    case .failure(let failure): return "\(failure.code.rawValue): \(failure.message)"
    case nil: return "nothing came"
    }
  }

  /// The processes that run scripts for this one.
  static func children() throws -> [pid_t] {
    let path = "/proc/self/task/"
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var found: [pid_t] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      found += read("\(path)\(name)/children").split(separator: " ").compactMap { pid_t($0) }
        .filter(Self.runsScripts)
    }
    return found
  }

  private static func runsScripts(_ process: pid_t) -> Bool {
    read("/proc/\(process)/cmdline").contains("--serve-scripts")
  }

  static func read(_ path: String) -> String {
    guard let file = unsafe fopen(path, "r") else { return "" }
    defer { unsafe fclose(file) }
    var text = [UInt8](repeating: 0, count: 8192)
    let count = unsafe fread(&text, 1, text.count, file)
    return String(decoding: text[..<count], as: UTF8.self)
  }

  static func binary() throws -> String {
    let arguments = CommandLine.arguments
    let folder = arguments.first.map { $0.split(separator: "/").dropLast().map { "/" + $0 }.joined() } ?? ""
    let repository = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    let candidates = ["\(folder)/petrel", "\(repository)/.build/debug/petrel"]
    return try #require(candidates.first { unsafe access($0, X_OK) == 0 }, "run swift build")
  }
}
