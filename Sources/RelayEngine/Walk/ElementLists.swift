internal import RelayDocuments

/// The lists that loops went over of late, parsed once for all turns under way: a `forEach` holds one of them
/// however many strands walk it, and one that waits in every turn does not parse it in each.
///
/// Belongs to the engine's thread.
package final class ElementLists {
  private var known: [(decision: [UInt8], elements: [JSON])] = []

  /// Lists that are kept; of those that are larger together only the latest.
  private static let count = 8
  private static let bytes = 16 << 20

  package init() {}

  /// The elements of a loop's decision, with the decision as it is kept; nil where it is none of a loop.
  func elements(of decision: [UInt8]) -> (decision: [UInt8], elements: [JSON])? {
    if let found = known.first(where: { $0.decision == decision }) { return found }
    guard let elements = BlockMark.elements(decision) else { return nil }
    known.append((decision, elements))
    var held = known.reduce(0) { $0 + $1.decision.count }
    while known.count > Self.count || (held > Self.bytes && known.count > 1) {
      held -= known.removeFirst().decision.count
    }
    return (decision, elements)
  }
}
