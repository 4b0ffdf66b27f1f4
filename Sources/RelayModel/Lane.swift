/// Where executions go through a few at a time: those that share it wait for each other, in the order in which
/// they came.
package struct Lane: Sendable, Hashable {
  /// Why there is one. The number is stored, and never changes its meaning.
  package enum Kind: UInt8, Sendable {
    /// `on.order`: one at a time.
    case order = 0
    /// `concurrency`: as many as its limit.
    case concurrency = 1
    /// `on.debounce`: the one that waits for quiet, until it begins.
    case debounce = 2
  }

  package let kind: Kind
  /// 16 bytes: a digest of kind, workflow and key.
  package let id: [UInt8]
  /// How many go through at once, 1 to `widest`.
  package let width: Int

  package static let widest = 1000

  /// A programmer error with another number of bytes than 16.
  package init(_ kind: Kind, id: [UInt8], width: Int) {
    precondition(id.count == 16, "a lane's id has 16 bytes")
    self.kind = kind
    self.id = id
    self.width = min(max(width, 1), Self.widest)
  }
}
