/// Where a step stands in the document that an execution walks: ordinals, not names, so that a path
/// is short, sorts in document order, and can be the end of a key.
///
/// A path is a section, then step and item in turn: the third step is `(steps, 2)`; the first step
/// in the second branch or turn of it is `(steps, 2, item 1, 0)`. Stored as one byte for the
/// section, two for a step, four for an item, big endian.
package struct StepPath: Sendable, Hashable, Comparable {
  /// The two lists of steps that a document has.
  package enum Section: UInt8, Sendable {
    case steps = 0
    case onFailure = 1
  }

  /// A path has at most this many steps in it: documents nest no deeper, and a key stays short.
  package static let maxDepth = 32

  /// The stored form described above.
  package let bytes: [UInt8]

  /// The first step of a document.
  package static let start = StepPath(.steps, 0)
  /// The first step of `onFailure`.
  package static let failureStart = StepPath(.onFailure, 0)

  /// The step with the ordinal `step` at the top of `section`.
  package init(_ section: Section, _ step: Int) {
    self.bytes = [section.rawValue, UInt8(step >> 8), UInt8(step & 0xFF)]
  }

  /// Takes stored bytes back; nil when no path has this form.
  package init?(bytes: [UInt8]) {
    guard let first = bytes.first, Section(rawValue: first) != nil else { return nil }
    let rest = bytes.count - 1
    guard rest >= 2, rest % 6 == 2 || rest % 6 == 0, rest / 6 < Self.maxDepth else { return nil }
    self.bytes = bytes
  }

  private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

  package var section: Section { Section(rawValue: bytes[0]) ?? .steps }

  /// How many steps are on the way: 1 at the top.
  package var depth: Int { (bytes.count - 1 + 4) / 6 }

  /// The ordinal of the last step on the way.
  package var step: Int {
    let at = endsInItem ? bytes.count - 6 : bytes.count - 2
    return Int(bytes[at]) << 8 | Int(bytes[at + 1])
  }

  /// The branch or turn that the path ends in; nil where it ends in a step.
  package var item: UInt32? {
    guard endsInItem else { return nil }
    return bytes[(bytes.count - 4)...].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Branch or turn `item` of this step. A programmer error where the path ends in an item already.
  package func item(_ item: UInt32) -> StepPath {
    precondition(!endsInItem, "an item stands inside a step, not inside an item")
    return StepPath(
      unchecked: bytes + [
        UInt8(item >> 24), UInt8(item >> 16 & 0xFF), UInt8(item >> 8 & 0xFF), UInt8(item & 0xFF),
      ])
  }

  /// The step with the ordinal `step` inside this item. A programmer error where the path ends in a
  /// step, or beyond `maxDepth`.
  package func step(_ step: Int) -> StepPath {
    precondition(endsInItem && depth < Self.maxDepth, "a step stands inside an item, at most 32 deep")
    return StepPath(unchecked: bytes + [UInt8(step >> 8), UInt8(step & 0xFF)])
  }

  /// The step after this one in the same list.
  package var next: StepPath {
    let following = step + 1
    var next = endsInItem ? Array(bytes.dropLast(4)) : bytes
    next[next.count - 2] = UInt8(following >> 8)
    next[next.count - 1] = UInt8(following & 0xFF)
    return StepPath(unchecked: next)
  }

  /// The first step of the same list.
  package var first: StepPath {
    StepPath(unchecked: (endsInItem ? bytes.dropLast(6) : bytes.dropLast(2)) + [0, 0])
  }

  /// The step or item that this one stands in; nil at the top.
  package var parent: StepPath? {
    let kept = bytes.count - (endsInItem ? 4 : 2)
    return kept > 1 ? StepPath(unchecked: Array(bytes[..<kept])) : nil
  }

  /// The steps that this one stands in, the outermost first, and itself as the last.
  package var line: [StepPath] {
    var line: [StepPath] = []
    line.reserveCapacity(depth)
    for end in stride(from: 3, through: bytes.count, by: 6) {
      line.append(StepPath(unchecked: Array(bytes[..<end])))
    }
    return line
  }

  /// The number of the branch or turn that this step stands in; nil at the top.
  package var turn: UInt32? { endsInItem ? item : parent?.item }

  /// True where this path is `other` or stands inside it.
  package func isWithin(_ other: StepPath) -> Bool { bytes.starts(with: other.bytes) }

  package static func < (a: StepPath, b: StepPath) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

  private var endsInItem: Bool { (bytes.count - 1) % 6 == 0 }
}
