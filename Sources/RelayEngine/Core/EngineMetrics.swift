internal import RelayModel
internal import Synchronization

/// What the engine has done, all time of this process. The engine writes, any thread reads.
package final class EngineMetrics: Sendable {
  package struct Counts: Sendable, Equatable {
    /// Attempts by what they brought.
    package var succeeded = 0
    package var refused = 0
    package var failed = 0
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

/// Durations counted in buckets, as a Prometheus histogram wants them.
package struct DurationHistogram: Sendable, Equatable {
  /// Upper bounds; what is longer stands in the last bucket.
  package static let bounds: [Duration] = [
    .milliseconds(5), .milliseconds(10), .milliseconds(25), .milliseconds(50), .milliseconds(100),
    .milliseconds(250), .milliseconds(500), .seconds(1), .milliseconds(2500), .seconds(5), .seconds(10),
    .seconds(30),
  ]

  /// One more than there are bounds. Not cumulative.
  package private(set) var buckets = [Int](repeating: 0, count: bounds.count + 1)
  package private(set) var sum = Duration.zero
  package private(set) var count = 0

  package init() {}

  package mutating func add(_ duration: Duration) {
    buckets[Self.bounds.firstIndex { duration <= $0 } ?? Self.bounds.count] += 1
    sum += duration
    count += 1
  }
}
