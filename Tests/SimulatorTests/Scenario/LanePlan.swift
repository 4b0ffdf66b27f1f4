import RelayModel

/// Which executions of a workflow wait for each other.
struct LanePlan: Sendable, Hashable {
  /// Those of events with the same `kind` run one at a time.
  var isOrdered = false
  /// How many of the workflow are under way at once; nil for any number.
  var concurrency: Int?

  init(_ random: SeededRandom) {
    isOrdered = random.chance(35)
    concurrency = random.chance(25) ? random.within(1...2) : nil
  }

  /// The lanes that the ingress would find for an event.
  func lanes(of workflow: String, kind: Int, delivery: String, _ sabotage: Sabotage?) -> [Lane] {
    var lanes: [Lane] = []
    if isOrdered {
      let key = sabotage == .splitsLanes ? delivery : "\(kind)"
      lanes.append(
        Lane(.order, id: Self.id("order \(workflow) \(key)"), width: sabotage == .widensLanes ? 100 : 1))
    }
    if let concurrency {
      lanes.append(
        Lane(
          .concurrency, id: Self.id("all \(workflow)"), width: sabotage == .widensLanes ? 100 : concurrency))
    }
    return lanes
  }

  /// FNV-1a, twice: nobody here forges a key.
  private static func id(_ text: String) -> [UInt8] {
    let halves = [text, String(text.reversed())].map { half in
      half.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
    return halves.flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> ($0 * 8)) } }
  }
}
