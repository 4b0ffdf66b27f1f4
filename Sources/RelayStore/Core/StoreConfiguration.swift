package import RelayModel

/// How a store is opened.
package struct StoreConfiguration: Sendable {
  package enum Durability: Sendable {
    /// A commit is on the disk when its transitions are answered.
    case full
    /// Nothing is synced: for the simulator and for tests only.
    case none
  }

  package enum Committer: Sendable {
    /// A thread of its own commits.
    case thread
    /// `pump` commits, on the caller's thread: the simulator decides when, and what is lost.
    case manual
  }

  package enum Access: Sendable {
    case readWrite
    /// Looks at a stopped relay's folder and changes nothing in it.
    case readOnly
  }

  /// Of which ends the event's body and the error's text are told upstream.
  package enum Payloads: Sendable {
    case none
    case failed
    /// Of every end, with the details of its steps.
    case all
  }

  /// The data folder; made with mode 0700 where it is missing.
  package var directory: String
  package var maxSize: ByteCount
  /// The file grows by this many bytes at a time; zero lets every commit grow it.
  package var growth: ByteCount
  package var durability: Durability
  package var committer: Committer
  package var access: Access
  /// How many executions may run at once: `StartPermits` begins with as many.
  package var executions: Int
  /// Marks of deliveries held in memory before they are sorted into their index.
  package var recentMarks: Int
  /// True where an upstream is configured: ends go to the outbox.
  package var summarizes: Bool
  /// What is told of an end beside the facts and, of a failure, its steps.
  package var payloads = Payloads.none
  /// Asks events for those that wait; nil where nobody can.
  package var judge: WaitJudge?

  package init(
    directory: String, maxSize: ByteCount = .gibibytes(16), growth: ByteCount = .mebibytes(64),
    durability: Durability = .full, committer: Committer = .thread, access: Access = .readWrite,
    executions: Int = 256, recentMarks: Int = 32_768, summarizes: Bool = false
  ) {
    self.directory = directory
    self.maxSize = maxSize
    self.growth = growth
    self.durability = durability
    self.committer = committer
    self.access = access
    self.executions = executions
    self.recentMarks = recentMarks
    self.summarizes = summarizes
  }
}
