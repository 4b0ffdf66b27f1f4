import RelayThreads

/// Holds a thread until a test lets it go on.
final class Gate: Sendable {
  private let inbox = Inbox<Void>()

  func open() { inbox.put(()) }
  func wait() { _ = inbox.wait(atMost: .seconds(30)) }
}
