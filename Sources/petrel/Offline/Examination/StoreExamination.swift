internal import RelayDocuments
internal import RelayModel
internal import RelayService
internal import RelayStore

/// Every record of a store.
enum StoreExamination {
  /// Asked of the relay that has it, or looked at here where none runs.
  static func configured(
    _ configuration: Configuration, config: String
  ) throws(CommandFailure) -> [Examination.Entry] {
    guard LocalFile.exists("\(configuration.data)/data.mdb") else {
      return [Examination.Entry(.good, "store", "there is none yet")]
    }
    do throws(CommandFailure) {
      return try stopped(configuration.data)
    } catch {
      guard error.status == .busy else { throw error }
    }
    let report = try HTTPConnection(.socket(configuration.socket, config: config)).post("/api/check")
    return entries(
      records: report["records"]?.int ?? 0,
      findings: (report["findings"]?.array ?? []).map { finding in
        func text(_ name: String) -> String { finding[name]?.string ?? "" }
        return Finding(database: text("database"), key: text("key"), what: text("what"), fix: text("fix"))
      }, unlisted: report["unlisted"]?.int ?? 0)
  }

  static func stopped(_ folder: String) throws(CommandFailure) -> [Examination.Entry] {
    guard LocalFile.exists("\(folder)/data.mdb") else {
      throw CommandFailure(.notFound, "there is no store in \(folder)")
    }
    do throws(StoreError) {
      let report = try Checker.check(directory: folder, time: SystemTime(), random: SystemRandom())
      return entries(records: report.records, findings: report.findings, unlisted: report.unlisted)
    } catch .damaged(let database, let key) {
      return [
        Examination.Entry(
          .bad, "store", "\(database) \(key): it cannot even be opened",
          fix: "petrel restore DIR brings a backup back")
      ]
    } catch {
      throw CommandFailure(store: error)
    }
  }

  private static func entries(
    records: Int, findings: [Finding], unlisted: Int
  ) -> [Examination.Entry] {
    guard !findings.isEmpty else {
      return [Examination.Entry(.good, "store", "\(records) records read, all sound")]
    }
    let listed = findings.map {
      Examination.Entry(.bad, "store", "\($0.database) \($0.key): \($0.what)", fix: $0.fix)
    }
    return unlisted == 0 ? listed : listed + [Examination.Entry(.bad, "store", "\(unlisted) findings more")]
  }
}
