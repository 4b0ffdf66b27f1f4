import Glibc
import Testing

/// What a power cut leaves on the disk: images of every kind that the rules of disks allow, made from a record of
/// the real binary's writes and syncs, each opened and read whole.
///
/// The record has a mark where an answer of 2xx, or a request of a step, is about to go to the kernel: a cut right
/// after a mark must leave what the mark promises. `make powercut IMAGES=n` makes n of them.
@Suite(.serialized, .enabled(if: Disk.isThere)) struct PowerCutTests {
  private static let images = RelayProcess.environment("PETREL_POWERCUT_IMAGES").flatMap(Int.init) ?? 80
  private static let events = 60

  /// Images of one record: a longer run makes more of them.
  private static let imagesEach = 2500

  @Test(arguments: [false, true])
  func `a power cut at any instant loses nothing acknowledged and damages nothing`(warm: Bool) throws {
    var left = Self.images / 2
    while left > 0 {
      let count = min(left, Self.imagesEach)
      left -= count
      let recording = try Recording(events: Self.events, warm: warm)
      let whole = try PowerCut(recording: recording, naming: .journal).replayed()
      #expect(try whole == Bytes.of(recording.dataFile), "the record is not all that was written")
      for naming in DiskModel.Naming.allCases {
        let cut = PowerCut(recording: recording, naming: naming)
        let result = try cut.images(count / 2, seed: UInt64.random(in: 0...999_999))
        #expect(result.broken.isEmpty, "\(result.broken.prefix(5))")
        #expect(result.acknowledged > 0)
        print(
          "power cut: \(warm ? "warm" : "empty"), \(naming) names: \(result.images) images of "
            + "\(recording.entries.count) calls, \(result.meaningful) after an answer, up to "
            + "\(result.acknowledged) acknowledged, broken \(result.broken.count)")
      }
    }
  }

  @Test func `on a disk whose syncs do nothing, images lose what was acknowledged`() throws {
    let recording = try Recording(events: Self.events, warm: true)
    let cut = PowerCut(recording: recording, naming: .journal, honoursSyncs: false)
    let result = try cut.images(100, seed: 1)
    #expect(result.losses > 10, "images that lie show nothing: \(result)")
    print(
      "power cut without syncs: \(result.images) images, \(result.broken.count) broken, \(result.losses) lost"
    )
  }
}
