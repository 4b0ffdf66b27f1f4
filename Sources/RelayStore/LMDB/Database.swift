/// The databases inside the store's file, with the form of their keys and values.
///
/// Index entries (`due`, `running`, `byStatus`, `byWorkflow`, `byEvent`, `rejectedByHook`,
/// `versionsByHash`, `eventWaits`, `awaited`, `lanes`) have no value: whoever reads one compares it with the record it names. The raw
/// values stand in the keys of `pieces`, so a number is never given to another database.
enum Database: Int, CaseIterable {
  /// name → the store's own records: `format`, `tag`, `state`.
  case meta = 0
  /// event key → `EventHeader`.
  case events = 1
  /// event key, u16 number → a piece of the body.
  case bodies = 2
  /// execution key → `ExecutionRecord`.
  case executions = 3
  /// band, due ms, execution key → –. What waits for an instant.
  case due = 4
  /// execution key → –. What is claimed: after a start, what was under way when the process died.
  case running = 5
  /// execution key, path → `JournalEntry`.
  case journal = 6
  /// execution key, path, u32 serial → `AttemptRecord`.
  case attempts = 7
  /// execution key → the rendered request of the step under way.
  case requests = 8
  /// class, execution key → –. Failed, cancelled, dead letters.
  case byStatus = 9
  /// workflow, execution key → –. Written at the end.
  case byWorkflow = 10
  /// event key, execution key → –. Executions made later than their event.
  case byEvent = 11
  /// 12 bytes of hash → `DedupeValue`.
  case dedupe = 12
  /// sequence → `OutboxEntry`, by the last number it covers.
  case outbox = 13
  /// rejected key → `RejectedRecord`.
  case rejected = 14
  /// hook, rejected key → –.
  case rejectedByHook = 15
  /// number → `WorkflowVersion`.
  case versions = 16
  /// name, hash, number → –.
  case versionsByHash = 17
  /// `h` or `w`, name → `HookCounters` or `WorkflowCounters`.
  case counters = 18
  /// destination → `BreakerRecord`.
  case breakers = 19
  /// name → `SealedSecret`.
  case secrets = 20
  /// id → `TokenRecord`.
  case tokens = 21
  /// sequence → `AuditRecord`.
  case audit = 22
  /// database, key → when the record was found damaged and set aside.
  case damaged = 23
  /// owner, u16 number → pieces of large values outside `bodies`.
  case pieces = 24
  /// event key → `LoggedMark`: marks on their way to `dedupe`, in two logs by turns.
  case marksEven = 25
  case marksOdd = 26
  /// execution key → `WaitRecord`. What waits for more than an instant.
  case waits = 27
  /// hook, kind, hash of a value, execution key → –. Waits for an event that none has come for.
  case eventWaits = 28
  /// hook, kind → `CountedKind`.
  case waitKinds = 29
  /// event key, execution key → –. Events that executions were woken by and have not gone on with.
  case awaited = 30
  /// lane, holding or waiting, turn, execution key → –.
  case lanes = 31
  /// root, step path → `ForkRecord`. Branches under way side by side.
  case forks = 32
  /// root, step path, execution key → –. The strands that walk them.
  case strands = 33
  /// A throttle's id → `StartLog`: what it has let begin.
  case starts = 34
  /// execution key → `ParentLink`. Executions that a step of another one started.
  case parents = 35

  var name: String { "\(self)" }

  /// False for those that a store may lack which was made before them and is only looked at.
  var isOriginal: Bool { rawValue <= Database.marksOdd.rawValue }

  /// True where entries have no value.
  var isIndex: Bool {
    switch self {
    case .due, .running, .byStatus, .byWorkflow, .byEvent, .rejectedByHook, .versionsByHash, .eventWaits,
      .awaited, .lanes, .strands:
      true
    default: false
    }
  }
}
