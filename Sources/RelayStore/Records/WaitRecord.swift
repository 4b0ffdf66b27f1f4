package import RelayModel

/// What an execution waits for beside an instant, and what came of it.
package struct WaitRecord: Sendable, Hashable {
  package enum Subject: Sendable, Hashable {
    case event(AwaitedEvent)
    case approval(ApprovalQuestion)
    /// The end of an execution that the step has started.
    case run(RecordKey)
  }

  package enum Outcome: Sendable, Hashable {
    /// The event that it waited for.
    case event(RecordKey)
    /// What people decided.
    case decision(ApprovalDecision)
    /// The execution that it started has ended.
    case ended(ExecutionStatus)
    /// Executions that started each other stand too deep already: nothing was started.
    case tooDeep
    /// Its time was over first.
    case timedOut
    /// A dry run goes on as if it had come.
    case pretended
  }

  package var subject: Subject
  /// On the engine's clock.
  package var deadline: Timestamp
  /// Nil while it waits. Written once: whoever comes later finds that somebody else was first.
  package var outcome: Outcome?

  package init(subject: Subject, deadline: Timestamp) {
    self.subject = subject
    self.deadline = deadline
  }
}

/// Which event an execution waits for.
package struct AwaitedEvent: Sendable, Hashable {
  package var kind: WaitKind
  /// What the kind's key has to give, as `WaitKind.valueBytes` bytes of its hash.
  package var value: [UInt8]

  package init(kind: WaitKind, value: [UInt8]) {
    precondition(value.count == WaitKind.valueBytes, "the hash of an awaited value has its own length")
    self.kind = kind
    self.value = value
  }
}

/// What the waits of one step have in common, in every execution and version: the hook, and the expressions
/// that an event of it is asked.
package struct WaitKind: Sendable, Hashable {
  package var hook: String
  /// The hash of what follows and of the hook.
  package var id: UInt64
  /// An expression over the event; what it gives is compared with what each execution waits for.
  package var key: String
  /// An expression over the event; nil takes every one.
  package var condition: String?

  package static let valueBytes = 16

  package init(hook: String, id: UInt64, key: String, condition: String?) {
    self.hook = hook
    self.id = id
    self.key = key
    self.condition = condition
  }
}

/// Asks an event what a kind of wait wants to know: the hash of its value, nil where it is none that anybody
/// waits for. Called on the committer's thread, and only for what was not asked before.
package typealias WaitJudge = @Sendable (WaitKind, EventRecord, _ body: [UInt8]) -> [UInt8]?
