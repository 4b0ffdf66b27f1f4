internal import CCurl
internal import Glibc
internal import RelayModel
internal import RelayThreads

/// The client's thread: takes what others want, lets libcurl work on what is ready, and hands results back
/// in batches. Everything here but the inbox belongs to that thread alone.
///
/// `@unchecked Sendable`: made by one thread, handed to its own thread by that thread's start, touched by
/// no other afterwards.
final class ClientLoop: @unchecked Sendable {
  let configuration: ClientConfiguration
  let time: any TimeSource
  let inbox: ClientInbox
  let resolver: ResolverPool
  /// The time of this round, since an arbitrary start.
  var now: Duration = .zero
  var names = NameTable()
  var pins = PinTable()
  var transfers: [TransferToken: Transfer] = [:]
  /// Transfers that wait for a name, by name.
  var waiting: [String: [TransferToken]] = [:]
  var idleWires: [Wire] = []
  /// URLs that were read already: most requests go to few of them.
  var urls: [String: HTTPURL] = [:]
  var interest: Interest
  /// When libcurl wants to be called although no socket is ready.
  var curlDue: Duration?
  var hasCompleted = false
  /// Nil before the end of `init` and after the end of `run`.
  var multi: MultiHandle?

  init(
    _ configuration: ClientConfiguration, _ time: any TimeSource, _ inbox: ClientInbox
  ) throws(TransferError) {
    if let failure = CurlLibrary.failure { throw .overloaded("libcurl does not start: \(failure)") }
    self.configuration = configuration
    self.time = time
    self.inbox = inbox
    interest = try Interest(wake: inbox.wake)
    resolver = try ResolverPool(
      lookup: configuration.lookup, threads: configuration.resolverThreads,
      queue: configuration.resolverQueue,
      deliver: { name, result in inbox.deliver(name, result) })
    let multi = try MultiHandle()
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    try unsafe multi.configure(
      keptConnections: configuration.keptConnections, socket: socketWish, timer: timerWish, context: context)
    self.multi = consume multi
  }

  /// Runs until the inbox says stop; then every transfer has been completed.
  func run() {
    NamedThread.askForShortSlices()
    Self.blockBrokenPipes()
    var contents = inbox.take()
    while !contents.isStopping {
      now = time.elapsed()
      for (name, result) in contents.lookups { take(result, of: name) }
      for start in contents.starts { begin(start) }
      for token in contents.cancels { cancel(token) }
      endOverdueWaits()
      workOnTime()
      finishBatch()
      waitForSockets()
      contents = inbox.take()
    }
    end(contents)
  }

  /// TLS writes to sockets that the other end has closed: here that is an error, not the end of the process.
  private static func blockBrokenPipes() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Lets libcurl begin what was added and end what is overdue.
  private func workOnTime() {
    guard let due = curlDue, due <= time.elapsed() else { return }
    curlDue = nil
    multi?.workOnTime()
    collect()
  }

  private func waitForSockets() {
    let count = interest.wait(milliseconds: inbox.fallAsleep() ? millisecondsToSleep() : 0)
    for index in 0..<count {
      guard let event = interest.event(at: index) else { continue }
      if event.descriptor == inbox.wake {
        inbox.clearWake()
      } else {
        multi?.work(on: event.descriptor, event.readiness)
      }
    }
    guard count > 0 else { return }
    collect()
    finishBatch()
  }

  /// Until the first of libcurl's time and the deadlines of those who wait for a name; -1 for neither.
  private func millisecondsToSleep() -> Int32 {
    let deadlines = waiting.values.joined().compactMap { transfers[$0]?.start.deadline }
    guard let first = ([curlDue].compactMap { $0 } + deadlines).min() else { return -1 }
    let left = first - time.elapsed()
    return left <= .zero ? 0 : Int32(clamping: left.wholeMilliseconds + 1)
  }

  private func finishBatch() {
    guard hasCompleted else { return }
    hasCompleted = false
    for hook in inbox.hooks { hook() }
  }

  /// Completes everything, so that nobody waits for a thread that is gone.
  private func end(_ contents: ClientInbox.Contents) {
    resolver.stop()
    for start in contents.starts + inbox.close().starts { start.completion(.failure(.closing)) }
    for token in transfers.keys.sorted(by: { $0.number < $1.number }) { cancel(token) }
    for hook in inbox.hooks { hook() }
    idleWires = []
    multi = nil
  }
}
