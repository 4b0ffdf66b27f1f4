import Glibc

/// The real binary, started in a folder of its own.
final class RelayProcess: Sendable {
  let identifier: pid_t
  /// Where its standard output and error go.
  let log: String

  enum Failure: Error {
    case notBuilt(String)
    case notStarted(String)
    case notReady(String)
  }

  /// The binary that the package's build made, next to the test bundle.
  static func binary() throws -> String {
    let arguments = CommandLine.arguments
    let folder = arguments.first.map { $0.split(separator: "/").dropLast().map { "/" + $0 }.joined() } ?? ""
    for candidate in [environment("PETREL_BINARY"), "\(folder)/petrel", "\(repository)/.build/debug/petrel"] {
      if let candidate, unsafe access(candidate, X_OK) == 0 { return candidate }
    }
    throw Failure.notBuilt("no petrel beside the tests, nor under .build/debug: run swift build")
  }

  static var repository: String { #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined() }

  static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// Starts `petrel` with `arguments`, its output appended to `log`.
  ///
  /// - Parameters:
  ///   - wrapper: a command that takes the whole of it as its last arguments.
  ///   - descriptors: those that it inherits, as 3, 4 and so on.
  init(
    _ arguments: [String], log: String, environment: [String: String] = [:], wrapper: [String] = [],
    descriptors: [Int32] = []
  ) throws {
    let words = try wrapper + [Self.binary()] + arguments
    let binary = words[0]
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    for (index, descriptor) in descriptors.enumerated() {
      // Out of the way first: one may stand where another goes.
      unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(900 + index))
    }
    for index in descriptors.indices {
      unsafe posix_spawn_file_actions_adddup2(&actions, Int32(900 + index), Int32(3 + index))
      unsafe posix_spawn_file_actions_addclose(&actions, Int32(900 + index))
    }
    var pointers = unsafe words.map { unsafe strdup($0) } + [nil]
    var settings = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { _ = unsafe (pointers + settings).map { unsafe free($0) } }
    var child = pid_t()
    let result = unsafe posix_spawn(&child, binary, &actions, nil, &pointers, &settings)
    guard result == 0 else { throw Failure.notStarted(unsafe String(cString: strerror(result))) }
    identifier = child
    self.log = log
  }

  /// Whether it has ended; `wait` still has its status.
  var hasEnded: Bool {
    var information = unsafe siginfo_t()
    return unsafe waitid(P_PID, id_t(identifier), &information, WEXITED | WNOHANG | WNOWAIT) == 0
      && information.si_signo == SIGCHLD
  }

  func signal(_ number: Int32) { kill(identifier, number) }

  /// Waits for its end: the exit status, or minus the signal that ended it.
  @discardableResult
  func wait() -> Int32 {
    var status: Int32 = 0
    while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
  }

  /// kill -9, and waits until it is gone.
  func destroy() {
    signal(SIGKILL)
    wait()
  }
}
