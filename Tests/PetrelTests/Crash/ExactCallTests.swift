import Glibc
import Testing

/// The real binary killed at an exact storage call: before it, in the middle of it, and after it.
///
/// The calls are counted from the start of the process, so the first of them lie in the start and its recovery, and
/// most kills come after others that were not recovered from. `make faults CALLS=n` goes through the first n.
@Suite(.serialized, .enabled(if: Disk.isThere)) struct ExactCallTests {
  private static let calls: [Int64] =
    RelayProcess.environment("PETREL_FAULT_CALLS").flatMap { Int64($0) }.map { Array(1...$0) }
    ?? [1, 2, 3, 5, 8, 13]
  /// Calls on one data folder, before its end is looked at.
  private static let callsEach = 40
  /// The first start makes the store with fewer.
  private static let callsOfMaking: Int64 = 32

  @Test func `killed at an exact storage call, it starts again and loses nothing`() throws {
    for first in stride(from: 0, to: Self.calls.count, by: Self.callsEach) {
      let calls = Self.calls[first..<min(first + Self.callsEach, Self.calls.count)]
      let trial = try warm()
      let disk = try Disk(root: trial.installation.folder.path)
      for call in calls {
        for moment in Disk.Moment.allCases {
          disk.kill(at: call, moment)
          let process = try trial.installation.launch(environment: disk.environment())
          trial.load.resume()
          let hasDied = Installation.until { process.hasEnded }
          trial.load.pause()
          if !hasDied { process.signal(SIGKILL) }
          let status = process.wait()
          #expect(hasDied && status == -SIGKILL, "call \(call), \(moment): it ended by itself with \(status)")
        }
      }
      try trial.settle("exact calls \(calls[first])-", kills: calls.count * Disk.Moment.allCases.count)
    }
  }

  /// A folder whose file has its zeros ahead, so that the calls are those of commits.
  private func warm() throws -> CrashTrial {
    let trial = try CrashTrial()
    let process = try trial.installation.start()
    defer { process.destroy() }
    try trial.load.run(until: 20)
    let file = "\(trial.installation.folder.path)/data/data.mdb"
    // As far ahead as a store of this size is kept.
    #expect(Installation.until { Folder.size(of: file) >= 64 << 20 })
    return trial
  }

  /// Neither kill nor power cut may leave a folder that takes events and loses them, wherever the making of the
  /// store ended.
  @Test func `a first start that is killed at any call costs nothing later, not even with a power cut`()
    throws
  {
    let step = RelayProcess.environment("PETREL_FAULT_CALLS") == nil ? 7 : 1
    for call in stride(from: 1, through: Self.callsOfMaking, by: step) {
      let recording = try Recording(killedAt: call, Disk.Moment(rawValue: call % 3) ?? .before)
      for naming in DiskModel.Naming.allCases {
        let result = try PowerCut(recording: recording, naming: naming).images(40, seed: UInt64(call))
        #expect(result.acknowledged > 0)
        #expect(result.broken.isEmpty, "killed at \(call): \(result.broken.prefix(3))")
      }
    }
  }
}
