package import RelayModel
internal import Synchronization

/// What the engine has done, all time of this process. The engine writes, any thread reads.
package final class EngineMetrics: Sendable {
  package struct Counts: Sendable, Equatable {
    /// Attempts by what they brought.
    package var succeeded = 0
    package var refused = 0
    package var failed = 0
    /// Attempts that were made again later.
    package var retries = 0
    /// Executions that were put down because their destination took nothing.
    package var parked = 0
    /// Ends by workflow.
    package var ends: [String: WorkflowEnds] = [:]
    /// How long attempts took.
    package var durations = DurationHistogram()
    /// Executions that run at present.
    package var running = 0
    /// Destinations that are left alone at present, by name.
    package var leftAlone: [String] = []

    mutating func attempt(_ result: AttemptResult, took: Duration) {
      switch result {
      case .succeeded: succeeded += 1
      case .refused: refused += 1
      case .failed: failed += 1
      }
      durations.add(took)
    }

    mutating func ended(_ workflow: String, _ status: ExecutionStatus) {
      guard ends[workflow] != nil || ends.count < EngineBounds.workflows else { return }
      switch status {
      case .succeeded: ends[workflow, default: WorkflowEnds()].succeeded += 1
      case .failed: ends[workflow, default: WorkflowEnds()].failed += 1
      case .queued, .running, .waiting, .cancelled: break
      }
    }
  }

  package struct WorkflowEnds: Sendable, Equatable {
    package var succeeded = 0
    package var failed = 0
  }

  private let counts = Mutex(Counts())

  package init() {}

  /// The counts at present.
  package var current: Counts { counts.withLock { $0 } }

  func count(_ change: (inout Counts) -> Void) { counts.withLock { change(&$0) } }
}
