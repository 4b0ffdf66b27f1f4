package import RelayModel

/// Copies of a store: made while it runs, verified, and brought back.
package enum Backup {
  /// Copies a running or stopped store into a new or empty folder, compacted, with a manifest; durable
  /// when it returns. Reads every record of the copy: a backup that cannot be read is none, and is
  /// reported as `damaged`. Takes as long as reading and writing the store; commits go on meanwhile.
  package static func copy(_ store: Store, to directory: String, now: Timestamp) throws(StoreError)
    -> BackupManifest
  {
    try Files.makeEmptyFolder(directory)
    try store.copyFile(to: directory)
    let file = "\(directory)/\(Environment.fileName)"
    try Files.settle(file)
    let (report, counters) = try look(directory)
    if let finding = report.findings.first { throw .damaged(database: finding.database, key: finding.key) }
    let manifest = BackupManifest(
      format: OpenedStore.format, tag: store.tag.text, madeAt: now, events: counters.events,
      executions: counters.executions.values.reduce(0, +), records: report.records,
      bytes: try Files.size(of: file))
    try Files.write(manifest.text, to: "\(directory)/\(BackupManifest.fileName)")
    try Files.syncFolder(directory)
    try Files.syncFolder("\(directory)/..")
    return manifest
  }

  /// Reads every record of a backup and holds it against its manifest.
  package static func verify(_ directory: String) throws(StoreError) -> CheckReport {
    let manifest = try BackupManifest.read(directory)
    var (report, counters) = try look(directory)
    let executions = counters.executions.values.reduce(0, +)
    let facts = [
      ("events", manifest.events, counters.events), ("executions", manifest.executions, executions),
      ("records", manifest.records, report.records),
    ]
    for (name, stated, found) in facts where stated != found {
      report.add(
        Finding(
          database: BackupManifest.fileName, key: name, what: "it states \(stated), the data has \(found)",
          fix: "use another backup"))
    }
    return report
  }

  /// Brings a backup back into a new or empty folder. The outbox begins a new epoch there: upstream may
  /// have seen numbers that the backup does not know.
  package static func restore(
    from backup: String, to directory: String, time: any TimeSource, random: any RandomSource
  ) throws(StoreError) -> BackupManifest {
    let manifest = try BackupManifest.read(backup)
    let report = try verify(backup)
    if let finding = report.findings.first { throw .damaged(database: finding.database, key: finding.key) }
    try Files.makeEmptyFolder(directory)
    try Files.copy("\(backup)/\(Environment.fileName)", to: "\(directory)/\(Environment.fileName)")
    try Files.syncFolder(directory)
    try Files.syncFolder("\(directory)/..")
    let configuration = StoreConfiguration(directory: directory, growth: ByteCount(0), committer: .manual)
    let store = try Store.open(configuration, time: time, random: random)
    defer { store.drainAndClose() }
    _ = try store.perform(NewEpoch(epoch: NewEpoch.draw(random)))
    return manifest
  }

  private static func look(_ directory: String) throws(StoreError) -> (CheckReport, StoreCounters) {
    let configuration = StoreConfiguration(directory: directory, committer: .manual, access: .readOnly)
    let copy = try Store.open(configuration, time: NoTime(), random: NoRandom())
    defer { copy.drainAndClose() }
    return try copy.read { (try Checker.check($0), try $0.counters()) }
  }
}

/// A store that is only looked at asks for neither.
private struct NoTime: TimeSource {
  func now() -> Timestamp { .epoch }
  func elapsed() -> Duration { .zero }
}

private struct NoRandom: RandomSource {
  func bits() -> UInt64 { 0 }
}
