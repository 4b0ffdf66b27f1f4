package import RelayModel

/// Saves what can be read of a damaged store (`petrel compact --offline`): sound records into a new file,
/// indexes and counts made anew from them, and the new file in the place of the old one, which stays
/// beside it as `data.mdb.damaged`.
package enum Salvage {
  /// What was saved, and what was not.
  package struct Report: Sendable {
    /// Records in the new file.
    package internal(set) var kept = 0
    /// What was left out or mended, as findings.
    package internal(set) var leftOut: [Finding] = []

    package init() {}
  }

  /// Salvages a stopped relay's folder. Durable when it returns; when it throws, the old file is as it was.
  package static func run(
    directory: String, maxSize: ByteCount = .gibibytes(16), time: any TimeSource, random: any RandomSource
  ) throws(StoreError) -> Report {
    let folder = try DataFolder(directory, creates: false)
    let file = "\(directory)/\(Environment.fileName)"
    guard Files.exists(file) else { throw .unusable(path: directory, why: "there is no store in it") }
    let saving = "\(directory)/salvaging"
    try clear(saving)
    let configuration = StoreConfiguration(
      directory: saving, maxSize: maxSize, growth: ByteCount(0), durability: .none, committer: .manual)
    var report = Report()
    try save(file, configuration, &report, now: time.now(), random)
    try Files.settle("\(saving)/\(Environment.fileName)")
    try Files.rename(file, to: "\(file).damaged")
    try Files.rename("\(saving)/\(Environment.fileName)", to: file)
    try clear(saving)
    try folder.sync()
    return report
  }

  /// Fills the new folder. Its file is closed when this returns.
  private static func save(
    _ file: String, _ configuration: StoreConfiguration, _ report: inout Report, now: Timestamp,
    _ random: any RandomSource
  ) throws(StoreError) {
    let environment = try OpenedStore.environment(
      try DataFolder(configuration.directory, creates: true), configuration)
    try RawCopy.run(from: file, to: environment, &report)
    var rebuild = Rebuild(environment, now: now, random)
    try rebuild.run()
    report.leftOut += rebuild.report.leftOut
    report.kept = rebuild.report.kept
  }

  private static func clear(_ folder: String) throws(StoreError) {
    for name in [Environment.fileName, Environment.lockFileName, DataFolder.lockName] {
      try Files.remove("\(folder)/\(name)")
    }
    try Files.removeFolder(folder)
  }
}
