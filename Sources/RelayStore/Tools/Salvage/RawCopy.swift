/// Copies the entries of every page that is sound, as they are: whether they can be believed is judged
/// later, in a file that LMDB may be let near.
enum RawCopy {
  private struct Entry {
    var database: Database
    var key: [UInt8]
    var value: [UInt8]
  }

  /// Entries in one commit.
  private static let batch = 4000

  static func run(from file: String, to environment: Environment, _ report: inout Salvage.Report)
    throws(StoreError)
  {
    var walk: TreeWalk
    do throws(PageDamage) {
      walk = TreeWalk(try PageFile.open(file))
    } catch {
      throw .unusable(path: file, why: "page \(error.page): \(error.what). Only a backup can help")
    }
    let names = Dictionary(uniqueKeysWithValues: Database.allCases.map { ($0.name, $0) })
    var waiting: [Entry] = []
    var failure: StoreError?
    walk.walkAll { name, key, value, file in
      guard failure == nil, key.count < KeyBytes.capacity, let database = names[name],
        let bytes = value.bytes(file)
      else { return }
      waiting.append(Entry(database: database, key: key, value: bytes))
      if waiting.count >= batch { failure = flush(&waiting, environment) }
    }
    if let failure = failure ?? flush(&waiting, environment) { throw failure }
    for damage in walk.damage.prefix(CheckReport.bound) {
      report.leftOut.append(
        Finding(
          database: Environment.fileName, key: "page \(damage.page)", what: damage.what,
          fix: "what stood on it is left out"))
    }
  }

  private static func flush(_ entries: inout [Entry], _ environment: Environment) -> StoreError? {
    defer { entries = [] }
    do throws(StoreError) {
      try environment.write { transaction throws(StoreError) in
        for entry in entries { try transaction.putRaw(entry.database, entry.key, entry.value) }
      }
      return nil
    } catch {
      return error
    }
  }
}
