internal import Synchronization

/// The bytes of all bodies that a server has received and not answered yet.
final class Flight: Sendable {
  private let bytes = Atomic(0)
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  var count: Int { bytes.load(ordering: .relaxed) }

  /// False when there would be too many; nothing is taken then.
  func take(_ count: Int) -> Bool {
    guard bytes.add(count, ordering: .relaxed).newValue > limit else { return true }
    bytes.subtract(count, ordering: .relaxed)
    return false
  }

  func release(_ count: Int) {
    if count > 0 { bytes.subtract(count, ordering: .relaxed) }
  }
}
