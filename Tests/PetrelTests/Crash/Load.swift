import Glibc
import RelayThreads
import Synchronization

/// Senders that go on until each of their events is acknowledged, as a provider would, through every kill.
final class Load: Sendable {
  private struct State {
    var running = false
    var ending = false
    var abandoned = false
    var next = 0
    var sent: Set<Int> = []
    var acknowledged: [Int: String] = [:]
    var alive = 0
  }

  private let port: UInt16
  private let state = Mutex(State())
  private static let senders = 8

  init(port: UInt16) {
    self.port = port
    for _ in 0..<Self.senders {
      state.withLock { $0.alive += 1 }
      _ = NamedThread("sender") { [self] in send() }
    }
  }

  var sent: Set<Int> { state.withLock { $0.sent } }
  var acknowledged: [Int: String] { state.withLock { $0.acknowledged } }

  func resume() { state.withLock { $0.running = true } }
  func pause() { state.withLock { $0.running = false } }

  /// Sends until `count` events are acknowledged in all, for at most half a minute.
  func run(until count: Int) throws {
    resume()
    defer { pause() }
    guard Installation.until({ acknowledged.count >= count }) else { throw Socket.Failure.closed }
  }

  /// Lets every sender finish its event, and waits for them.
  func finish() {
    state.withLock { $0.ending = true }
    while state.withLock({ $0.alive }) > 0 { poll(nil, 0, 5) }
  }

  /// Lets every sender go, whatever became of its event.
  func abandon() { state.withLock { $0.abandoned = true } }

  private func send() {
    defer { state.withLock { $0.alive -= 1 } }
    while let event = take() {
      // Some bodies take several pages.
      let pad = event % 40 == 7 ? 20_000 : event % 700
      let body = Array("{\"n\": \(event), \"pad\": \"\(String(repeating: "x", count: pad))\"}".utf8)
      while !deliver(event, body) { if state.withLock({ $0.abandoned }) { return } }
    }
  }

  private func take() -> Int? {
    state.withLock { state in
      guard !state.ending, !state.abandoned else { return nil }
      state.next += 1
      state.sent.insert(state.next)
      return state.next
    }
  }

  /// One attempt; false where no 2xx came.
  private func deliver(_ event: Int, _ body: [UInt8]) -> Bool {
    guard state.withLock({ $0.running }),
      let fields = try? Installation.signed(body, delivery: "delivery-\(event)"),
      let answer = try? Socket(port: port).exchange("POST", "/hooks/github", fields: fields, body: body),
      (200..<300).contains(answer.status)
    else {
      poll(nil, 0, 2)
      return false
    }
    state.withLock { $0.acknowledged[event] = answer.text }
    return true
  }
}
