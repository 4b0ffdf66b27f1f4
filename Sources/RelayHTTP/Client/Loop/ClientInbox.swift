internal import CLinux
internal import Glibc
internal import RelayModel
internal import Synchronization

/// What other threads want of the client's thread: one lock, and one wake-up only if it sleeps.
final class ClientInbox: Sendable {
  /// A request as it was handed over. An object, so that it is passed on without copying its parts.
  final class Start: Sendable {
    let token: TransferToken
    let request: OutgoingRequest
    let deadline: Duration
    let completion: Transport.Completion

    init(
      _ token: TransferToken, _ request: OutgoingRequest, deadline: Duration,
      completion: @escaping Transport.Completion
    ) {
      self.token = token
      self.request = request
      self.deadline = deadline
      self.completion = completion
    }
  }

  /// All that came since the last look.
  struct Contents: Sendable {
    var starts: [Start] = []
    var cancels: [TransferToken] = []
    var lookups: [(name: String, result: Result<[IPAddress], LookupFailure>)] = []
    var isStopping = false

    var isEmpty: Bool { starts.isEmpty && cancels.isEmpty && lookups.isEmpty && !isStopping }
  }

  private struct State {
    var contents = Contents()
    var isAsleep = false
    var isClosed = false
    var hooks: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())
  private let lastToken = Atomic<UInt64>(0)
  /// The descriptor that becomes readable when a sleeping thread is woken.
  let wake: Int32

  init() throws(TransferError) {
    wake = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard wake >= 0 else { throw .overloaded("the process is out of descriptors") }
  }

  deinit { Glibc.close(wake) }

  /// Adds a transfer; nil once the client's thread takes no more.
  func start(
    _ request: OutgoingRequest, deadline: Duration, _ completion: @escaping Transport.Completion
  ) -> TransferToken? {
    let token = TransferToken(number: lastToken.add(1, ordering: .relaxed).newValue)
    let start = Start(token, request, deadline: deadline, completion: completion)
    return post { $0.contents.starts.append(start) } == nil ? nil : token
  }

  func cancel(_ token: TransferToken) { _ = post { $0.contents.cancels.append(token) } }

  func deliver(_ name: String, _ result: Result<[IPAddress], LookupFailure>) {
    _ = post { $0.contents.lookups.append((name, result)) }
  }

  func stop() { _ = post { $0.contents.isStopping = true } }

  func addHook(_ hook: @escaping @Sendable () -> Void) { state.withLock { $0.hooks.append(hook) } }

  /// The hooks to call after a batch.
  var hooks: [@Sendable () -> Void] { state.withLock { $0.hooks } }

  private func post<R: Sendable>(_ change: (inout State) -> sending R) -> R? {
    let (result, mustWake): (R?, Bool) = state.withLock { state in
      guard !state.isClosed else { return (nil, false) }
      let result = change(&state)
      defer { state.isAsleep = false }
      return (result, state.isAsleep)
    }
    if mustWake { eventfd_write(wake, 1) }
    return result
  }
}

// MARK: - The client thread's side

extension ClientInbox {
  /// Takes all that waits.
  func take() -> Contents {
    state.withLock { state in
      state.isAsleep = false
      guard !state.contents.isEmpty else { return Contents() }
      defer { state.contents = Contents() }
      return state.contents
    }
  }

  /// Whether the thread may sleep: nothing came meanwhile, and from now on a post wakes it.
  func fallAsleep() -> Bool {
    state.withLock { state in
      state.isAsleep = state.contents.isEmpty
      return state.isAsleep
    }
  }

  /// Takes the last contents; nothing is accepted any more.
  func close() -> Contents {
    state.withLock { state in
      state.isClosed = true
      defer { state.contents = Contents() }
      return state.contents
    }
  }

  /// Empties the descriptor after a wake-up.
  func clearWake() {
    var count = eventfd_t()
    // Nothing to read is as good: the descriptor is empty then.
    _ = unsafe eventfd_read(wake, &count)
  }
}
