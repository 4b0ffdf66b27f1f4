internal import CLinux
internal import CLua
internal import Glibc
internal import RelayModel

/// A process that runs scripts, one after another. Belongs to the thread that started it: it ends when that
/// thread does, and is ended where it is let go.
struct ChildProcess: ~Copyable {
  let identifier: pid_t
  private let channel: Int32

  /// What came of one exchange.
  enum Answer {
    case value([UInt8])
    /// The script's own failure: the process is as good as before.
    case failed(ScriptFailure)
    /// The deadline came first: the process is of no use any more.
    case late
    /// The process is gone.
    case gone
  }

  /// Starts `program`, and waits until it is confined. Throws where no process can be had, or the kernel does not
  /// confine it: then no script is run.
  static func start(_ program: String) throws(ScriptFailure) -> ChildProcess {
    var channel: Int32 = -1
    let identifier = unsafe petrel_spawn_script_child(program, &channel)
    guard identifier > 0 else {
      let reason = unsafe String(cString: strerror(-identifier))
      throw ScriptFailure(.unavailable, "no process to run scripts: \(reason)")
    }
    let child = ChildProcess(identifier: identifier, channel: channel)
    if case .value = child.receive(by: .now + SandboxBounds.startTime) { return child }
    guard child.end() == .exited(Int32(petrel_script_unconfined)) else {
      throw ScriptFailure(.unavailable, "the process to run scripts did not start")
    }
    throw ScriptFailure(
      .unavailable,
      "this system does not let a process be confined (seccomp, prctl, setrlimit), and scripts run in no other"
    )
  }

  deinit { _ = Self.end(identifier, channel) }

  /// Runs one script; `deadline` covers all of it.
  func run(_ script: borrowing Script, by deadline: ContinuousClock.Instant) -> Answer {
    let source = Array(script.source.utf8)
    var request = petrel_script_request(
      memory: UInt64(script.memory.bytes), seed: (script.seed.0, script.seed.1), source: UInt32(source.count),
      input: UInt32(script.input.count))
    let head = unsafe withUnsafeBytes(of: &request) { unsafe Array($0) }
    for part in [head, source, script.input] {
      if let trouble = send(part, by: deadline) { return trouble }
    }
    return receive(by: deadline)
  }

  /// Lets the process go, which is of no use any more, and says how it ended.
  consuming func end() -> Ending {
    let (identifier, channel) = (identifier, channel)
    discard self
    return Self.end(identifier, channel)
  }

  enum Ending: Equatable {
    case exited(Int32)
    case signal(Int32)
  }

  /// kill(2) comes after it ended by itself, or ends it; only the first counts in what waitpid(2) says.
  private static func end(_ identifier: pid_t, _ channel: Int32) -> Ending {
    close(channel)
    kill(identifier, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    return status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signal(status & 0x7f)
  }
}

/// Frames on the channel, which never blocks.
extension ChildProcess {
  private func receive(by deadline: ContinuousClock.Instant) -> Answer {
    var head = petrel_script_answer()
    if let trouble = unsafe withUnsafeMutableBytes(of: &head, { unsafe receive($0, by: deadline) }) {
      return trouble
    }
    // What a process says that ran somebody's script is not believed: it may be long, or no JSON.
    guard head.length <= UInt32(petrel_script_longest_output) else { return .gone }
    var text = [UInt8](repeating: 0, count: Int(head.length))
    if let trouble = unsafe text.withUnsafeMutableBytes({ unsafe receive($0, by: deadline) }) {
      return trouble
    }
    switch Int(head.outcome) {
    case petrel_script_ready, petrel_script_done: return .value(text)
    case petrel_script_failed: return .failed(ScriptFailure(.failed, String(decoding: text, as: UTF8.self)))
    case petrel_script_memory: return .failed(ScriptFailure(.memory, ""))
    case petrel_script_output: return .failed(ScriptFailure(.output, ""))
    default: return .gone
    }
  }

  /// Nil once the buffer is full.
  private func receive(_ buffer: UnsafeMutableRawBufferPointer, by deadline: ContinuousClock.Instant)
    -> Answer?
  {
    var taken = 0
    while taken < buffer.count {
      let count = unsafe recv(channel, buffer.baseAddress?.advanced(by: taken), buffer.count - taken, 0)
      if count > 0 {
        taken += count
      } else if count == 0 || !isWorthWaiting {
        return .gone
      } else if !wait(for: Int16(POLLIN), by: deadline) {
        return .late
      }
    }
    return nil
  }

  /// Nil once all is sent.
  private func send(_ bytes: [UInt8], by deadline: ContinuousClock.Instant) -> Answer? {
    var given = 0
    while given < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.send(
          channel, buffer.baseAddress?.advanced(by: given), buffer.count - given, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        given += count
      } else if !isWorthWaiting {
        return .gone
      } else if !wait(for: Int16(POLLOUT), by: deadline) {
        return .late
      }
    }
    return nil
  }

  /// Of the call that has just failed.
  private var isWorthWaiting: Bool { errno == EAGAIN || errno == EINTR }

  /// False where the deadline comes first.
  private func wait(for events: Int16, by deadline: ContinuousClock.Instant) -> Bool {
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else { return false }
    var descriptor = pollfd(fd: channel, events: events, revents: 0)
    var span = timespec(
      tv_sec: Int(left.components.seconds), tv_nsec: Int(left.components.attoseconds / 1_000_000_000))
    _ = unsafe petrel_poll(&descriptor, 1, &span)
    return true
  }
}
