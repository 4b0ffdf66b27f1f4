internal import Glibc
package import RelayModel
internal import Synchronization

/// An HTTP/1.1 server on libmicrohttpd, with threads, deadlines and limits of its own.
///
/// A life: `start`, then `drain` (accepts nothing more, finishes what is there), then `stop`. Each may be
/// called from any thread, but not at once. A server that is dropped while it runs is stopped.
package final class HTTPServer: Sendable {
  private let configuration: ServerConfiguration
  private let responder: any Responder
  private let time: any TimeSource
  private let flight: Flight
  private let running = Mutex(Running())

  private struct Running: Sendable {
    var loops: [ServerLoop] = []
    var threads: [LoopThread] = []
  }

  package init(_ configuration: ServerConfiguration, responder: any Responder, time: any TimeSource) {
    self.configuration = configuration
    self.responder = responder
    self.time = time
    flight = Flight(limit: configuration.limits.inflight.bytes)
  }

  deinit { stop() }

  /// Listens and serves. Returns the address with the port that the kernel chose, where it was to choose.
  /// Once only.
  package func start() throws(ServerError) -> ListenAddress {
    precondition(running.withLock { $0.loops.isEmpty }, "a server is started once")
    let listener =
      if let inherited = configuration.inherited {
        ListeningSocket(inherited)
      } else {
        try ListeningSocket(configuration.listen)
      }
    let address = listener.address
    var inboxes: [LoopInbox] = []
    for _ in 0..<configuration.loops { inboxes.append(try LoopInbox()) }
    var loops: [ServerLoop] = []
    var firstListener: ListeningSocket? = consume listener
    for index in inboxes.indices {
      loops.append(
        try ServerLoop(
          configuration, index: index, inboxes: inboxes, listener: firstListener.take(), responder: responder,
          time: time, flight: flight))
    }
    var threads: [LoopThread] = []
    for loop in loops { threads.append(LoopThread(loop)) }
    running.withLock { $0 = Running(loops: loops, threads: threads) }
    return address
  }

  /// Stops accepting, closes connections without a request, and answers what is there, each answer the last
  /// on its connection. Blocks until no connection is left, or until `limit` has passed: false then, and
  /// `stop` ends the rest.
  package func drain(within limit: Duration) -> Bool {
    let loops = running.withLock { $0.loops }
    let deadline = time.elapsed() + limit
    for loop in loops { loop.inbox.post(.drain) }
    return loops.allSatisfy { $0.drained.wait(until: deadline, time) }
  }

  /// Ends every connection and thread. A request that has no answer yet gets 503; an answer that comes
  /// afterwards is dropped. Blocks for as long as the responder holds a loop.
  package func stop() {
    let (loops, threads) = running.withLock { running in
      defer { running.threads = [] }
      return (running.loops, running.threads)
    }
    for loop in loops { loop.inbox.post(.stop) }
    for thread in threads { thread.join() }
  }

  package var counters: ServerCounters {
    running.withLock { $0.loops }.reduce(ServerCounters()) { $0 + $1.publishedCounters }
  }

  /// Bytes of bodies that were received and not answered yet.
  package var inflightBytes: Int { flight.count }
}
