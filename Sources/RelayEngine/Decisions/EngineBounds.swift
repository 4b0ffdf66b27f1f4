package import RelayModel

/// Every bound of the engine that no configuration sets, with its relations asserted by a test.
package enum EngineBounds {
  /// A destination whose requests take longer on average is slow.
  package static let slowAfter = Duration.seconds(1)
  /// So is one that has requests under way and has answered none for so long.
  package static let silentAfter = Duration.milliseconds(100)
  /// What a slow destination may have under way while more than half of all executions are.
  package static let slowShare = 4
  /// And while more than three quarters are.
  package static let slowRest = 1
  /// How long an execution may stand in a destination's queue, holding its permit, before it is put
  /// down on disk.
  package static let queueWait = Duration.milliseconds(100)
  /// Distinct destinations that are remembered; beyond it those at rest are forgotten.
  package static let destinations = 1024
  /// The distance between two executions that are put down because their destination is left alone:
  /// a million of them come back at 500 a second.
  package static let parkSpacing = Duration.milliseconds(2)
  /// How far ahead they are put down at most.
  package static let closedHorizon = Duration.seconds(3600)
  /// How far ahead they are put down at most because their destination has had enough requests.
  package static let rateHorizon = Duration.seconds(24 * 3600)
  /// How far ahead an execution is put down at most because its destination is slow or full.
  package static let fullHorizon = Duration.seconds(15)
  /// How soon an execution that was put down for want of memory comes back.
  package static let memoryPause = Duration.milliseconds(250)
  /// How long a permit may be in nobody's hands, while a commit that took it is under way, before the
  /// engine looks again.
  package static let permitPause = Duration.seconds(1)
  /// How many executions one claim takes up at most.
  package static let claimBatch = 128
  /// How soon a step comes back that the store had no room to begin.
  package static let roomPause = Duration.seconds(5)
  /// The pause before a record that the store refused is offered again.
  package static let recordPause = Duration.milliseconds(250)
  /// The bytes of a request's or an answer's body that a failed attempt keeps for people.
  package static let shownBody = 4096
  /// The bytes of a header's value that an attempt keeps for people.
  package static let shownHeader = 512
  /// The longest `Idempotency-Key` that is sent as it is.
  package static let keyLength = 200
  /// Parsed workflow versions that are kept in memory.
  package static let workflows = 256
  /// Steps that one execution may do.
  package static let steps = 100_000
  /// And those of its `onFailure` beyond.
  package static let failureSteps = 1_000
  /// Outcomes that a walk holds before they are recorded, where no effect comes first.
  package static let pending = 500
  /// And their bytes.
  package static let pendingBytes = ByteCount.mebibytes(1)
  /// The largest output of one step.
  package static let output = ByteCount.mebibytes(4)
}
