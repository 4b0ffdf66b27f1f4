import RelayModel
import RelayStore

/// What the oracle has seen of one execution, or of a strand of one.
final class Witness {
  /// A request whose end the engine was told, and that is not on record yet.
  struct Outcome {
    var place: StepPath
    var key: String
    var answer: SeenAnswer
    var retryAfter: Duration?
    var at: Duration
    var life: Int
  }

  /// What was seen of one step since the execution was made, or opened again.
  struct StepFacts {
    /// When the attempt was counted that led to the first request, no later than that, and in which life.
    var since: (at: Duration, life: Int)
    /// When the first request was sent.
    var firstAt: Duration
    /// Where its time is on record to run from.
    var budgetFrom: Timestamp?
    /// Failures on record that used up an attempt.
    var failures = 0
    /// What the destination asked for at last: not before `span` after `from`.
    var asked: (from: Duration, span: Duration, life: Int)?
  }

  let key: RecordKey
  /// Of a strand, the execution that it is a part of.
  let root: Witness?
  /// The execution's.
  let id: String
  let course: Course
  let delivery: String
  var record: ExecutionRecord
  private var ownJournal: [StepPath: JournalEntry] = [:]
  var steps: [StepPath: StepFacts] = [:]
  /// Of an execution, its branches in which the process died three times.
  var givenUp: Set<StepPath> = []
  /// Deaths since an outcome was last recorded.
  var deaths = 0
  /// Deaths and stops on the way to, or within, the next step with an effect: each cost it an attempt.
  var interruptions = 0
  /// The request under way.
  var open: UInt64?
  var outcome: Outcome?
  /// A request that broke on a kept connection: it may be sent once more within its attempt.
  var broken: (key: String, number: UInt64)?
  /// Attempts counted when the last request was sent.
  var countedAtLastRequest = 0
  /// When the last attempt was counted, no later than that, and in which life.
  var countedSince: (at: Duration, life: Int)
  /// When the wait at its position began, no later than that, and in which life.
  var waitSince: (at: Duration, life: Int)?
  /// The cancellation was committed after the engine last ran: it could not know.
  var isCancelledUnheard = false
  /// Since when it could run at once.
  var readySince: Duration?
  /// The look at the store that showed it come, or opened again, and how often that was.
  var turn = 0
  var joins = 0
  /// It has run since it came, or was opened again.
  var hasBegun = false

  init(
    _ key: RecordKey, id: String, _ record: ExecutionRecord, _ course: Course, delivery: String,
    countedSince: (at: Duration, life: Int), root: Witness? = nil
  ) {
    self.key = key
    self.root = root
    self.id = id
    self.record = record
    self.course = course
    self.delivery = delivery
    self.countedSince = countedSince
  }

  /// What is on record of the whole execution.
  var journal: [StepPath: JournalEntry] {
    get { root?.ownJournal ?? ownJournal }
    set { ownJournal = newValue }
  }

  /// The wait at its position has begun.
  var hasWaited: Bool { journal[record.position]?.status == .waiting }

  /// The process died: nobody will hear of its requests. What the engine was told before may have got on
  /// record.
  func lostTouch() {
    open = nil
    broken = nil
    isCancelledUnheard = false
  }

  /// An operator opened it again: steps are counted anew.
  func beginAgain() {
    steps = [:]
    outcome = nil
    waitSince = nil
    deaths = 0
    interruptions = 0
  }

  /// It stands in the step at `place`, or at one whose branches are walked by others.
  func isInside(_ place: StepPath) -> Bool {
    record.position.isWithin(place) && course.plan.step(at: place)?.isBlock == true
  }
}

/// What the store shows of one execution.
struct Sight {
  var record: ExecutionRecord
  var strands: [RecordKey: ExecutionRecord]
  var journal: [StepPath: JournalEntry] = [:]

  /// Nil where it is gone.
  func record(of witness: Witness) -> ExecutionRecord? {
    witness.root == nil ? record : strands[witness.key]
  }

  /// One of its branches was given up.
  var hasPoison: Bool { strands.values.contains { $0.failure?.code == "poison" } }
}
