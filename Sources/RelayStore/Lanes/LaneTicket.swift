package import RelayModel

/// An execution's place in one of its lanes.
package struct LaneTicket: Sendable, Hashable {
  /// The number is stored, and never changes its meaning.
  package enum State: UInt8, Sendable {
    /// It has not come to this lane yet, or it has ended.
    case outside = 0
    /// It waits for its turn.
    case waiting = 1
    /// It goes through.
    case holding = 2
  }

  package let lane: Lane
  package internal(set) var state = State.outside
  /// Its number among those who wait: the lower goes first.
  var turn = RecordKey(rawValue: 0)

  init(_ lane: Lane) { self.lane = lane }

  /// lane, holding before waiting, turn, execution.
  func key(_ execution: RecordKey) -> KeyBytes {
    var key = Self.prefix(lane, state)
    key.add(turn.rawValue)
    key.add(execution.rawValue)
    return key
  }

  static func prefix(_ lane: Lane, _ state: State) -> KeyBytes {
    var key = KeyBytes()
    key.add(lane.id)
    key.add(state == .holding ? 0 : 1 as UInt8)
    return key
  }

  /// Where an execution stands in a key.
  static let executionOffset = 25
  static let keyCount = 33
}

extension ExecutionRecord {
  /// Why it waits for its turn; nil where it does not.
  package var awaitedLane: Lane? { lanes.first { $0.state == .waiting }?.lane }
}

extension Lane {
  /// For people: what its executions wait for.
  var reason: String {
    switch kind {
    case .order: "waiting for its turn: events of its order key run one at a time"
    case .concurrency: "waiting for its turn: \(width) at a time by the workflow's concurrency"
    case .debounce: "waiting for quiet: a later event of its key takes its place"
    }
  }
}

// MARK: Stored form

extension RecordWriter {
  mutating func ticket(_ ticket: LaneTicket) {
    byte(ticket.lane.kind.rawValue)
    bytes(ticket.lane.id)
    int(ticket.lane.width)
    byte(ticket.state.rawValue)
    key(ticket.turn)
  }
}

extension RecordReader {
  mutating func ticket() -> LaneTicket? {
    let kind = Lane.Kind(rawValue: byte())
    let id = blob()
    let width = int()
    let state = LaneTicket.State(rawValue: byte())
    let turn = key()
    guard let kind, let state, id.count == 16, (1...Lane.widest).contains(width) else { return nil }
    var ticket = LaneTicket(Lane(kind, id: id, width: width))
    ticket.state = state
    ticket.turn = turn
    return ticket
  }
}
