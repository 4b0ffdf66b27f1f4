package import RelayModel
internal import RelayThreads
internal import Synchronization

/// Sends requests over libcurl, on one thread of its own.
///
/// Any thread may start and cancel. Results come on the client's thread, in batches. Requests are resolved,
/// judged and bounded as `ClientConfiguration` says; connections are kept for the requests after them.
package final class HTTPClient: Transport {
  private let inbox: ClientInbox
  private let time: any TimeSource
  private let thread: Mutex<NamedThread?>

  /// Starts the client's thread. Throws `.overloaded` when the process has no descriptor or memory
  /// left for it.
  package init(_ configuration: ClientConfiguration, time: any TimeSource) throws(TransferError) {
    inbox = try ClientInbox()
    self.time = time
    let loop = try ClientLoop(configuration, time, inbox)
    thread = Mutex(NamedThread("http-client") { loop.run() })
  }

  /// A client that was not stopped lets its thread end by itself: the last reference may go on that thread.
  deinit {
    inbox.stop()
    let thread = thread.withLock { $0.take() }
    thread?.detach()
  }

  /// After `stop`, `completion` is called at once with `.closing`.
  @discardableResult
  package func start(_ request: OutgoingRequest, completion: @escaping Completion) -> TransferToken {
    if let token = inbox.start(request, deadline: time.elapsed() + request.timeout, completion) {
      return token
    }
    completion(.failure(.closing))
    return TransferToken(number: 0)
  }

  /// Any thread; the completion comes with `.cancelled` unless the transfer had ended.
  package func cancel(_ token: TransferToken) { inbox.cancel(token) }

  /// Any thread; hooks are called in the order in which they were added.
  package func afterEachBatch(_ hook: @escaping @Sendable () -> Void) { inbox.addHook(hook) }

  /// Cancels what is under way and ends the thread; when it returns, every completion has been called.
  /// Never on the client's own thread, that is, never inside a completion.
  package func stop() {
    inbox.stop()
    let thread = thread.withLock { $0.take() }
    thread?.join()
  }
}
