import RelayModel
import RelayStore

/// A provider that wants one event delivered: it sends until it is told that it arrived, and now and then
/// once more.
struct Sender: Sendable {
  enum State: Sendable {
    case waiting
    /// Sent; nothing heard.
    case asking
    case told
  }

  let name: String
  let kind: Int
  private let mark: DedupeMark?
  private let executions: [NewExecution]
  private let padding: Int
  var state = State.waiting
  /// How often it sends again although it was told.
  private(set) var repetitions: Int

  init(
    _ number: Int, _ scenario: Scenario, _ versions: [String: UInt32], _ random: SeededRandom,
    _ sabotage: Sabotage?
  ) {
    let name = "delivery-\(number)"
    let kind = random.below(2)
    self.name = name
    self.kind = kind
    let hash = (0..<16).map { _ in UInt8(truncatingIfNeeded: random.bits()) }
    mark = random.chance(85) ? DedupeMark(hash: hash, window: Scenario.window) : nil
    let wanted = scenario.workflows.filter { _ in random.chance(70) }
    executions = (wanted.isEmpty ? [scenario.workflows[0]] : wanted).map {
      NewExecution(
        workflow: $0.name, version: versions[$0.name] ?? 0, priority: UInt8(random.pick([5, 5, 0, 9])),
        lanes: $0.lanes.lanes(of: $0.name, kind: kind, delivery: name, sabotage))
    }
    padding = random.pick([0, 0, 10, 3000, 9000])
    repetitions = mark == nil ? 0 : random.pick([0, 0, 1, 2])
  }

  var hasMark: Bool { mark != nil }

  var body: [UInt8] {
    Array(#"{"id":"\#(name)","kind":\#(kind),"padding":"\#(String(repeating: "x", count: padding))"}"#.utf8)
  }

  /// True where it would send now.
  var isEager: Bool { state == .waiting || (state == .told && repetitions > 0) }

  /// The event as the ingress hands it to the store.
  mutating func send(at wall: Timestamp, marked: Bool) -> Enqueue {
    if state == .told { repetitions -= 1 }
    state = .asking
    let record = EventRecord(
      hook: "inbox", type: "sample", delivery: name, method: "POST", target: "/hooks/inbox",
      headers: HeaderFields([("Content-Type", "application/json")]), client: "192.0.2.1", receivedAt: wall)
    return Enqueue(
      event: NewEvent(record: record, body: body), executions: executions, mark: marked ? mark : nil,
      now: wall)
  }

  /// The relay died before it answered: the sender comes again.
  mutating func lostTouch() {
    if state == .asking { state = .waiting }
  }
}
