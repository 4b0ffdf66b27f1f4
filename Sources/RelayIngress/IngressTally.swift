package import RelayModel
internal import Synchronization

/// How many requests each hook refused, and why: for the metrics. Any thread.
package final class IngressTally: Sendable {
  package struct Reason: Hashable, Sendable {
    /// Empty where no hook was named: the names that strangers try are not kept.
    package let hook: String
    package let code: RefusalCode
  }

  private let counts = Mutex<[Reason: Int]>([:])

  package init() {}

  package var all: [Reason: Int] { counts.withLock { $0 } }

  func count(_ code: RefusalCode, hook: String) {
    counts.withLock { $0[Reason(hook: hook, code: code), default: 0] += 1 }
  }
}
