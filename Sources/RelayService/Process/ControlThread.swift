internal import CLinux
internal import Glibc
internal import RelayModel

/// What an operator or the system asks of the running process.
package enum ControlRequest: Sendable, Hashable {
  /// SIGTERM or SIGINT. The second one means: now.
  case terminate
  /// SIGHUP, or a watched folder changed and has been quiet for a moment.
  case reload
}

/// The one thread that receives signals and watches folders.
///
/// Signals are blocked in every thread before the first one starts (`blockSignals`), and read here
/// from a `signalfd`, so that no signal handler ever runs. Folders are watched, not files: editors and
/// orchestrators replace a file by renaming another over it.
package final class ControlThread: Sendable {
  package enum Failure: Error, Sendable {
    /// A kernel call failed: its name, and `errno` in words.
    case unavailable(call: String, reason: String)
  }

  /// How long a watched folder must be quiet before a reload: an editor's save is several events.
  package static let quiet = Duration.milliseconds(200)

  private let signals: Int32
  private let watch: Int32
  private let stopping: Int32

  /// Blocks the signals that this thread answers, for the calling thread and all that it starts, and
  /// SIGPIPE with them. Call it first in `main`.
  package static func blockSignals() {
    var set = Self.answered
    unsafe sigaddset(&set, SIGPIPE)
    precondition(unsafe pthread_sigmask(SIG_BLOCK, &set, nil) == 0, "pthread_sigmask refused a valid set")
  }

  private static var answered: sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&set, signal) }
    return set
  }

  /// Opens the descriptors. `receive` starts to answer.
  package init() throws(Failure) {
    var set = Self.answered
    signals = unsafe signalfd(-1, &set, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
    guard signals >= 0 else { throw Self.failure("signalfd") }
    watch = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    guard watch >= 0 else {
      let failure = Self.failure("inotify_init1")
      close(signals)
      throw failure
    }
    stopping = eventfd(0, Int32(EFD_CLOEXEC))
    // All members are set: a throw runs deinit, which closes.
    guard stopping >= 0 else { throw Self.failure("eventfd") }
  }

  deinit {
    for descriptor in [signals, watch, stopping] { close(descriptor) }
  }

  /// Watches `folder`: any change of its entries leads to one `.reload`. Folders below it are not
  /// watched.
  package func watchFolder(_ folder: String) throws(Failure) {
    let events = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE)
    guard unsafe inotify_add_watch(watch, folder, events) >= 0 else {
      throw Self.failure("inotify_add_watch")
    }
  }

  /// Runs until `stop`, on the calling thread, and hands each request over as it comes.
  package func run(_ receive: (ControlRequest) -> Void) {
    var changed = false
    while true {
      var descriptors = [signals, watch, stopping].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      let patience = changed ? Int32(Self.quiet.wholeMilliseconds) : -1
      let ready = unsafe poll(&descriptors, UInt(descriptors.count), patience)
      if ready == 0, changed {
        changed = false
        receive(.reload)
      }
      if descriptors[2].revents != 0 { return }
      if descriptors[1].revents != 0 { changed = drainWatch() || changed }
      if descriptors[0].revents != 0 { readSignals(receive) }
    }
  }

  /// Any thread: ends `run`.
  package func stop() { eventfd_write(stopping, 1) }

  private func readSignals(_ receive: (ControlRequest) -> Void) {
    var info = signalfd_siginfo()
    while unsafe read(signals, &info, MemoryLayout<signalfd_siginfo>.size) > 0 {
      receive(Int32(info.ssi_signo) == SIGHUP ? .reload : .terminate)
    }
  }

  private func drainWatch() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 4096)
    var seen = false
    while unsafe read(watch, &buffer, buffer.count) > 0 { seen = true }
    return seen
  }

  private static func failure(_ call: String) -> Failure {
    .unavailable(call: call, reason: unsafe String(cString: strerror(errno)))
  }
}
