import Glibc
import RelayDocuments

/// One run of the real binary to its end.
struct CommandRun {
  let status: Int32
  let output: String
  let messages: String

  /// - Parameters:
  ///   - input: what stands on stdin.
  ///   - folder: the working folder; the root where there is none.
  init(
    _ arguments: [String], input: String = "", environment: [String: String] = [:], in folder: String = "/"
  ) throws {
    let scratch = try Folder()
    try scratch.write("in", input)
    let binary = try RelayProcess.binary()
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "\(scratch.path)/in", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, "\(scratch.path)/out", O_WRONLY | O_CREAT, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "\(scratch.path)/err", O_WRONLY | O_CREAT, 0o600)
    var words = unsafe (["env", "-C", folder, binary] + arguments).map { unsafe strdup($0) } + [nil]
    let variables = environment.merging(["LC_ALL": "C.UTF-8"]) { given, _ in given }
    var settings = unsafe variables.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { _ = unsafe (words + settings).map { unsafe free($0) } }
    var child = pid_t()
    let result = unsafe posix_spawn(&child, "/usr/bin/env", &actions, nil, &words, &settings)
    guard result == 0 else { throw RelayProcess.Failure.notStarted(unsafe String(cString: strerror(result))) }
    var ended: Int32 = 0
    while unsafe waitpid(child, &ended, 0) < 0, errno == EINTR {}
    status = ended & 0x7f == 0 ? ended >> 8 & 0xff : -(ended & 0x7f)
    output = try scratch.read("out")
    messages = try scratch.read("err")
  }

  var json: JSON { get throws { try JSON.parse(text: output) } }
}
