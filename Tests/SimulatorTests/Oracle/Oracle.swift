import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore

/// Sees everything from outside (every request and its end, every commit as the store shows it afterwards,
/// every answer to a sender) and says what must not be.
///
/// It shares no code with the engine or the store's transitions: what should be the case is worked out
/// from the plans and from what was seen.
///
/// Sendable because a run uses one thread.
final class Oracle: @unchecked Sendable {
  let scenario: Scenario
  let time: VirtualTime
  let history: History
  private(set) var violations: [Violation] = []

  var witnesses: [RecordKey: Witness] = [:]
  /// Parts of these, walking branches.
  var strands: [RecordKey: Witness] = [:]
  /// By outside id.
  var byID: [String: RecordKey] = [:]
  var events: [RecordKey: SeenEvent] = [:]
  var deliveries: [String: SeenDelivery] = [:]
  var requests = SeenRequests()
  var outbox = SeenOutbox()
  var asked = Asked()
  var answers = Answers()
  /// At the store, so far.
  var looks = 0
  /// Those that began in the commit that is looked at.
  var begun: [Witness] = []
  /// Which life of the process this is.
  var life = 0
  /// The relay was told to stop: it puts down what it has not finished.
  var isStopping = false
  /// When the first of what waits for the next commit was submitted, or could have been.
  private var submittedSince: (at: Duration, life: Int)?
  /// Records that changed, all time: tells whether anything happens.
  var changes = 0

  init(_ scenario: Scenario, _ time: VirtualTime, _ history: History) {
    self.scenario = scenario
    self.time = time
    self.history = history
    requests.gates = Array(repeating: SeenGate(), count: scenario.destinations + 1)
  }

  func check(_ holds: Bool, _ rule: Rule, _ text: @autoclosure () -> String) {
    if !holds { fail(rule, text()) }
  }

  func fail(_ rule: Rule, _ text: String) {
    violations.append(Violation(rule: rule, text: text))
    history.note("VIOLATION \(rule.rawValue): \(text)")
  }

  /// Executions in the order of their keys.
  var inOrder: [Witness] { witnesses.keys.sorted().compactMap { witnesses[$0] } }

  /// These and their strands, in the order of their keys.
  var walkers: [Witness] {
    (Array(witnesses.values) + Array(strands.values)).sorted { $0.key < $1.key }
  }

  /// Nothing is left to do.
  var isAtRest: Bool { witnesses.values.allSatisfy { $0.record.status.isFinal } }

  /// Whether the engine's clock may have gone otherwise than the monotonic one since `life`: it begins
  /// anew with each life, from a wall clock that somebody set.
  func clockIsAdrift(since life: Int) -> Bool { time.wasSet && life != self.life }

  /// What the last commit brought was submitted no earlier.
  var workedSince: (at: Duration, life: Int) { submittedSince ?? (time.elapsed(), life) }

  /// Something is about to be submitted.
  func works() { submittedSince = submittedSince ?? (time.elapsed(), life) }

  /// All that was submitted is committed, and was looked at.
  func rests() { submittedSince = nil }

  /// The engine ran: it has heard of every commit so far.
  func ran() {
    for walker in walkers { walker.isCancelledUnheard = false }
    requests.ran(scenario.limits.breaker, at: time.elapsed())
  }

  /// The process died.
  func died() {
    life += 1
    isStopping = false
    for walker in walkers { walker.lostTouch() }
    requests.forgetOpen()
  }
}

/// What operators and the housekeeping asked for: nothing of it happens by itself.
struct Asked {
  var cancels: [RecordKey: Int] = [:]
  var retries: [RecordKey: Int] = [:]
  /// Executions to be made of events that were there: replays, and retries from the start.
  var copies = 0
  /// The latest instant that a sweep was made for.
  var sweptAt: Timestamp?
}

struct SeenEvent {
  var delivery: String
  var body: [UInt8]
}

struct SeenDelivery {
  var kind: Int
  var body: [UInt8]
  /// The sender gives an id that repetitions are told by.
  var hasMark: Bool
  var sends = 0
  var answer: EnqueueAnswer?
  var events: Set<RecordKey> = []
}
