import Glibc
import Testing

/// The real binary, killed at random moments under signed load, again and again on the same data folder.
@Suite struct CrashTests {
  private static let cycles = RelayProcess.environment("PETREL_CRASH_CYCLES").flatMap(Int.init) ?? 25

  @Test func `kill -9 under load loses nothing acknowledged and runs no finished step again`() throws {
    let trial = try CrashTrial()
    var random = SystemRandomNumberGenerator()
    for _ in 0..<Self.cycles {
      let process = try trial.installation.start()
      trial.load.resume()
      poll(nil, 0, Int32.random(in: 20...250, using: &random))
      process.destroy()
      trial.load.pause()
    }
    try trial.settle("crash", kills: Self.cycles)
    #expect(trial.load.acknowledged.count >= Self.cycles, "the load was too small to show anything")
  }
}
