/// The life of an execution while the engine holds it, as a pure and total function: where it stands,
/// what happened, what to do. The core performs the actions and knows nothing of the rules.
///
/// From outside (`ExecutionStatus`), with what causes each arrow; all but the first are one `Advance`:
/// ```
///                 accepted with a permit
///        ┌───────────────────────────────────────────┐
///        │     accepted                 claimed      ▼   the last step ended, `stop`
///     (none) ────────▶ queued ─────────────────▶ running ─────────────────────────▶ succeeded
///                        ▲                       │    ▲ │ a step failed for good, `fail`, poison
///                        │     a wait, a backoff,│    │ └───────────────────────────▶ failed
///                        │     no slot, the drain▼    │ due, claimed                    │
///                        │                     waiting┘                                 │
///                        └───────────────── retried by an operator ─────────────────────┘
///     queued, running, waiting ── cancelled by an operator ──▶ cancelled
/// ```
/// Inside `running`, one execution goes round here:
/// ```
///                    ┌────────────────────────── the next step is on record ◀────┐
///                    ▼     a slot is free                       an attempt is over│
///     started ──▶ walking ───────────────────▶ sending ─────────────────────▶ recording ──▶ over
///                    │ no slot yet                ▲                               ▲
///                    ├──────────────▶ queueing ───┘ a slot is free                │
///                    │                   └─ stood too long: put down ────────────▶│
///                    ├─ a wait, the end, or no slot soon: put down ──────────────▶│
///                    └─ many steps of a loop are over ───────────────────────────▶│
/// ```
/// Who moves it on: `walking` the core itself, within the same call; `queueing` the destination's gate,
/// or the time; `sending` the transport; `recording` the store's committer. What is `over` is not held
/// any more: the store has it.
package enum ExecutionLife: Sendable, Hashable {
  /// Its pure steps are evaluated.
  case walking
  /// It stands in its destination's queue.
  case queueing
  /// Its request is under way.
  case sending
  /// What it came to is handed to the store; `then` follows once that is durable.
  case recording(then: Sequel)
  /// The store has it, or had it all along.
  case over

  package enum Sequel: Sendable, Hashable {
    /// The next step.
    case walkOn
    /// Nothing: it waits on disk or has ended, or somebody else changed it.
    case letGo
  }

  package enum Happening: Sendable, Hashable {
    /// Its destination takes the request now.
    case admitted
    /// Its destination has put it in the queue.
    case queued
    /// It is to be put down on disk: a wait, a destination that takes nothing soon, the drain.
    case putDown
    /// The walk has come to its end.
    case ended
    /// Steps without an effect are over, so many that their outcomes are recorded before more follow.
    case stagePassed
    /// The attempt is over, and the next step may follow.
    case attemptPassed
    /// The attempt is over; the step is tried again later, or the execution has ended.
    case attemptClosed
    /// The store has it for sure.
    case recorded
    /// The store refused for now: no room, or too much at once.
    case unrecorded
    /// The store knows a later state: somebody cancelled or retried it.
    case stale
    /// An operator cancelled it; the store has that on record.
    case cancelled
  }

  package enum Action: Sendable, Hashable {
    case none
    /// Evaluate steps from the position on.
    case walk
    case send
    /// Hand the outcome to the store.
    case record
    /// Hand the same outcome to the store again, later.
    case recordLater
    /// Take it out of the queue, and forget it.
    case leaveQueue
    /// End the transfer, and forget it.
    case abort
    case forget
  }

  /// Where it stands after `happening`, and what is to be done. What cannot happen in a state changes
  /// nothing.
  package func after(_ happening: Happening) -> (ExecutionLife, Action) {
    switch (self, happening) {
    case (.walking, .admitted), (.queueing, .admitted): (.sending, .send)
    case (.walking, .queued): (.queueing, .none)
    case (.walking, .putDown), (.queueing, .putDown), (.sending, .putDown), (.walking, .ended):
      (.recording(then: .letGo), .record)
    case (.sending, .attemptPassed), (.walking, .stagePassed): (.recording(then: .walkOn), .record)
    case (.sending, .attemptClosed): (.recording(then: .letGo), .record)
    case (.recording(then: .walkOn), .recorded): (.walking, .walk)
    case (.recording(then: .letGo), .recorded), (.recording, .stale): (.over, .forget)
    case (.recording, .unrecorded): (self, .recordLater)
    case (.walking, .cancelled): (.over, .forget)
    case (.queueing, .cancelled): (.over, .leaveQueue)
    case (.sending, .cancelled): (.over, .abort)
    // The store answers the record that is on its way, as stale or as one that came just before.
    case (.recording, .cancelled): (.recording(then: .letGo), .none)
    case (.walking, .attemptPassed), (.walking, .attemptClosed), (.walking, .recorded),
      (.walking, .unrecorded), (.walking, .stale), (.queueing, .queued), (.queueing, .ended),
      (.queueing, .stagePassed), (.sending, .stagePassed), (.recording, .stagePassed),
      (.queueing, .attemptPassed), (.queueing, .attemptClosed), (.queueing, .recorded),
      (.queueing, .unrecorded), (.queueing, .stale), (.sending, .admitted), (.sending, .queued),
      (.sending, .ended), (.sending, .recorded), (.sending, .unrecorded), (.sending, .stale),
      (.recording, .admitted), (.recording, .queued), (.recording, .putDown), (.recording, .ended),
      (.recording, .attemptPassed), (.recording, .attemptClosed), (.over, _):
      (self, .none)
    }
  }
}
