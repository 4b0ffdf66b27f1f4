package import RelayModel
internal import Synchronization

/// How many requests each hook refused, and why, and how long senders waited for their 2xx: for the metrics. Any
/// thread.
package final class IngressTally: Sendable {
  package struct Reason: Hashable, Sendable {
    /// Empty where no hook was named: the names that strangers try are not kept.
    package let hook: String
    package let code: RefusalCode
  }

  private let counts = Mutex<[Reason: Int]>([:])
  private let waits = Mutex(DurationHistogram())

  package init() {}

  package var all: [Reason: Int] { counts.withLock { $0 } }

  /// From the whole request to the answer that its event is durable.
  package var acknowledgements: DurationHistogram { waits.withLock { $0 } }

  func count(_ code: RefusalCode, hook: String) {
    counts.withLock { $0[Reason(hook: hook, code: code), default: 0] += 1 }
  }

  func acknowledged(after wait: Duration) { waits.withLock { $0.add(wait) } }
}
