internal import CLMDB
internal import Glibc
internal import RelayModel

/// The steps from a path to a store that can be used, each of which can refuse.
struct OpenedStore {
  /// Of the databases and their records. A newer one is refused; an older one would be brought up to
  /// date here.
  static let format = 1

  let environment: Environment
  let tag: StoreTag
  let state: StoreState
  let recent: RecentMarks
  let tallies: Tallies
  let listening: ListeningHooks

  init(_ configuration: StoreConfiguration, _ random: any RandomSource) throws(StoreError) {
    let isReadOnly = configuration.access == .readOnly
    let path = configuration.directory
    let folder = try DataFolder(path, creates: !isReadOnly)
    let isNew = !Files.exists("\(path)/\(Environment.fileName)")
    if isNew && isReadOnly { throw .unusable(path: path, why: "there is no store in it") }
    if isNew { try Self.make(folder, configuration, random) } else { try StructureCheck.checkAtStart(path) }
    // Not only of a new store: whoever made an old one may have died before he came to it.
    if configuration.access == .readWrite, configuration.durability == .full { try folder.sync() }
    environment = try Self.environment(folder, configuration)
    (tag, state, recent, tallies, listening) = try Self.load(environment, configuration)
  }

  /// Opens the file in a locked folder.
  static func environment(
    _ folder: DataFolder, _ configuration: StoreConfiguration
  ) throws(StoreError) -> Environment {
    var flags: UInt32 = 0
    if configuration.access == .readOnly { flags |= UInt32(MDB_RDONLY) }
    if configuration.durability == .none { flags |= UInt32(MDB_NOSYNC) }
    let options = Environment.Options(
      flags: flags, mapSize: configuration.maxSize.bytes & ~0xFFFF,
      creates: configuration.access == .readWrite)
    let environment: Environment
    do throws(LMDBError) {
      environment = try Environment(folder: folder, options: options)
    } catch {
      throw unusable(folder.path, error)
    }
    try checkLength(environment, folder.path)
    return environment
  }

  /// A file that ends before its last page would end the process with a signal, at some later time.
  private static func checkLength(_ environment: Environment, _ path: String) throws(StoreError) {
    let size = try Files.size(of: "\(path)/\(Environment.fileName)")
    guard size >= environment.touchedBytes else {
      throw unusable(path, LMDBError(MDB_CORRUPTED, "the file is cut short"))
    }
  }

  private static func unusable(_ path: String, _ error: LMDBError) -> StoreError {
    let why =
      switch error.code {
      case MDB_INVALID, MDB_CORRUPTED, MDB_VERSION_MISMATCH, MDB_PAGE_NOTFOUND, MDB_NOTFOUND:
        "\(Environment.fileName) is damaged (\(error.text)). Restore a backup with `petrel restore`, or move "
          + "the folder away to begin anew"
      case ENOSPC: "the disk is full (\(error.text)). Free some space"
      case EACCES, EPERM: "\(error.text). The folder must belong to the user that petrel runs as"
      default: error.text
      }
    return .unusable(path: path, why: why)
  }

  // MARK: What a store begins with

  /// Makes a store beside the place where it is to be and moves it there whole: a death in between
  /// leaves a folder without a store, not one with half of one. Its bytes are durable when it returns, its name is not.
  private static func make(
    _ folder: DataFolder, _ configuration: StoreConfiguration, _ random: any RandomSource
  ) throws(StoreError) {
    let making = "\(folder.path)/making"
    for name in [Environment.fileName, Environment.lockFileName, DataFolder.lockName] {
      try Files.remove("\(making)/\(name)")
    }
    try Files.removeFolder(making)
    try fill(try environment(try DataFolder(making, creates: true), configuration), random)
    try Files.rename("\(making)/\(Environment.fileName)", to: "\(folder.path)/\(Environment.fileName)")
    for name in [Environment.lockFileName, DataFolder.lockName] { try Files.remove("\(making)/\(name)") }
    try Files.removeFolder(making)
  }

  private static func fill(_ environment: Environment, _ random: any RandomSource) throws(StoreError) {
    var state = StoreState()
    state.epoch = NewEpoch.draw(random)
    let tag = StoreTag(random: random.bits())
    try environment.write { transaction throws(StoreError) in
      try transaction.put(.meta, MetaKey.format, FormatRecord(number: format))
      try transaction.put(.meta, MetaKey.tag, TagRecord(text: tag.text))
      try transaction.put(.meta, MetaKey.state, state)
    }
  }

  private static func load(
    _ environment: Environment, _ configuration: StoreConfiguration
  ) throws(StoreError) -> (StoreTag, StoreState, RecentMarks, Tallies, ListeningHooks) {
    try environment.read(tag: StoreTag(random: 0)) { snapshot throws(StoreError) in
      guard let found: FormatRecord = try snapshot.record(.meta, MetaKey.format) else {
        throw .unusable(path: configuration.directory, why: "its data file was not made by petrel")
      }
      guard found.number <= format else { throw .newerFormat(found: found.number, supported: format) }
      guard let record: TagRecord = try snapshot.record(.meta, MetaKey.tag), let tag = StoreTag(record.text)
      else {
        throw .damaged(database: Database.meta.name, key: "tag")
      }
      let state = try snapshot.state()
      let recent = try RecentMarks(
        capacity: configuration.recentMarks, snapshot, generation: state.markGeneration)
      return (tag, state, recent, try Tallies(snapshot), try ListeningHooks(snapshot))
    }
  }
}

/// Which form the folder has.
struct FormatRecord: StoredRecord {
  static let version: UInt8 = 1

  var number: Int

  init(number: Int) { self.number = number }

  func encode(to writer: inout RecordWriter) { writer.int(number) }
  init?(from reader: inout RecordReader) { number = reader.int() }
}

struct TagRecord: StoredRecord {
  static let version: UInt8 = 1

  var text: String

  init(text: String) { self.text = text }

  func encode(to writer: inout RecordWriter) { writer.string(text) }
  init?(from reader: inout RecordReader) { text = reader.string() }
}
