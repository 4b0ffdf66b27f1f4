import Glibc

/// All that a disk may hold while a record is played: its files, and under which names they may be found.
final class DiskModel {
  /// When a change of a name is certain.
  enum Naming: CaseIterable {
    /// As journaling file systems do it: changes become certain in order, at the latest when one of their files is
    /// synced, or a folder.
    case journal
    /// As POSIX allows it: a change is certain once its own folder was synced.
    case strict
  }

  enum Node {
    case folder
    case file(DiskFile)
  }

  private enum Change {
    case add(String, Node)
    case remove(String)
    case move(String, String, Node)
  }

  private enum Begun {
    case write(DiskFile, Int)
    case sync(DiskFile, Int)
    case folderSync(String, Int)
  }

  private let naming: Naming
  /// False for a disk that lies: its syncs do nothing.
  private let honoursSyncs: Bool
  private let objects: String
  private var objectCount = 0
  private var position = 0
  private var certain: [String: Node] = [:]
  private var seen: [String: Node] = [:]
  private var pending: [(position: Int, change: Change)] = []
  private var files: [UInt64: DiskFile] = [:]
  private var folders: [UInt64: String] = [:]
  private var begun: [UInt32: Begun] = [:]
  private var shown: [DiskFile] = []

  /// - Parameters:
  ///   - objects: an empty folder, where the files' contents are kept.
  ///   - base: a folder whose files are on the disk from the beginning, by their names below it.
  init(naming: Naming, honoursSyncs: Bool = true, objects: String, base: String?) throws {
    self.naming = naming
    self.honoursSyncs = honoursSyncs
    self.objects = objects
    guard let base else { return }
    for name in try Folder.names(in: base) where ["data.mdb", "key"].contains(name) {
      let file = try object(copyOf: "\(base)/\(name)")
      certain["data/\(name)"] = .file(file)
    }
    certain["data"] = .folder
    seen = certain
  }

  // MARK: The record

  func apply(_ entry: DiskEntry) throws {
    position += 1
    // Another process begins: nothing that the former was doing is done any more.
    if entry.number == 1 { begun = [:] }
    switch entry.kind {
    case .write(let number, let at, let count, let bytes, let syncs):
      guard let file = files[number] else { return }
      file.write(position, at: at, count: count, bytes: bytes)
      if syncs { begun[entry.number] = .write(file, position) }
    case .truncate(let number, let size): files[number]?.truncate(position, to: size)
    case .sync(let number):
      if let file = files[number] { begun[entry.number] = .sync(file, position) }
      if let folder = folders[number] { begun[entry.number] = .folderSync(folder, position) }
    case .done(let number): if let done = begun.removeValue(forKey: number), honoursSyncs { settle(done) }
    case .open(let number, let path): open(number, Self.normal(path))
    case .create(let number, let path):
      let file = try object(copyOf: nil)
      files[number] = file
      folders[number] = nil
      change(.add(path, .file(file)))
    case .makeFolder(let path): change(.add(path, .folder))
    case .remove(let path): if seen[path] != nil { change(.remove(path)) }
    case .rename(let from, let to): if let node = seen[from] { change(.move(from, to, node)) }
    case .acknowledge, .request: break
    }
  }

  /// Whose descriptor has this number from now on.
  private func open(_ number: UInt64, _ path: String) {
    files[number] = nil
    folders[number] = nil
    if case .file(let file) = seen[path] { files[number] = file } else { folders[number] = path }
  }

  private func object(copyOf source: String?) throws -> DiskFile {
    objectCount += 1
    let path = "\(objects)/\(objectCount)"
    if let source, unsafe system("cp --sparse=always '\(source)' '\(path)'") != 0 {
      throw Folder.Failure(what: "cp \(source)")
    }
    return try DiskFile(path: path)
  }

  private func change(_ change: Change) {
    Self.apply(change, to: &seen)
    pending.append((position, change))
  }

  private func settle(_ done: Begun) {
    switch done {
    case .write(let file, let position): file.settle(write: position)
    case .sync(let file, let position):
      file.settle(through: position)
      let concerned = pending.last { $0.position <= position && Self.names($0.change, file) }
      if naming == .journal, concerned != nil { settleNames(through: position) { _ in true } }
    case .folderSync(let folder, let position):
      settleNames(through: position) { naming == .journal || Self.folder(of: $0) == folder }
    }
  }

  private func settleNames(through position: Int, _ concerns: (Change) -> Bool) {
    for (when, change) in pending where when <= position && concerns(change) {
      Self.apply(change, to: &certain)
    }
    pending.removeAll { $0.position <= position && concerns($0.change) }
  }

  // MARK: An image

  /// Lays out below `folder`, which is empty, what the disk may hold now; until `restore`.
  func show(in folder: String, _ loss: Loss, _ random: inout SeededRandom) throws {
    let names = self.names(loss, &random)
    for (path, node) in names.sorted(by: { $0.key < $1.key }) {
      guard Self.isReachable(path, names) else { continue }
      switch node {
      case .folder: try Self.check(unsafe mkdir("\(folder)/\(path)", 0o700), path)
      // What another process maps and nobody syncs: LMDB makes it anew.
      case .file where path.hasSuffix("/lock.mdb"): break
      case .file(let file):
        file.show(loss, &random)
        shown.append(file)
        try Self.check(unsafe link(file.path, "\(folder)/\(path)"), path)
      }
    }
  }

  func restore() {
    for file in shown { file.restore() }
    shown = []
  }

  private func names(_ loss: Loss, _ random: inout SeededRandom) -> [String: Node] {
    var names = certain
    switch (loss, naming) {
    case (.everything, _): break
    case (.nothing, _): names = seen
    case (_, .journal):
      for (_, change) in pending.prefix(random.below(pending.count + 1)) { Self.apply(change, to: &names) }
    case (_, .strict):
      let lost = Set(pending.map { Self.folder(of: $0.change) }.filter { _ in random.chance(50) })
      for (_, change) in pending where !lost.contains(Self.folder(of: change)) {
        Self.apply(change, to: &names)
      }
    }
    return names
  }

  private static func apply(_ change: Change, to names: inout [String: Node]) {
    switch change {
    case .add(let path, let node): names[path] = node
    case .remove(let path): names[path] = nil
    case .move(let from, let to, let node):
      names[from] = nil
      names[to] = node
    }
  }

  private static func names(_ change: Change, _ file: DiskFile) -> Bool {
    switch change {
    case .add(_, .file(let added)), .move(_, _, .file(let added)): added === file
    default: false
    }
  }

  /// The folder that has to be synced.
  private static func folder(of change: Change) -> String {
    switch change {
    case .add(let path, _), .remove(let path), .move(_, let path, _): parent(path)
    }
  }

  private static func parent(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  private static func isReachable(_ path: String, _ names: [String: Node]) -> Bool {
    let above = parent(path)
    guard !above.isEmpty else { return true }
    guard case .folder = names[above] else { return false }
    return isReachable(above, names)
  }

  /// Without `..`, which the store writes for the folder above.
  private static func normal(_ path: String) -> String {
    path.split(separator: "/").reduce(into: [Substring]()) { parts, part in
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }.joined(separator: "/")
  }

  private static func check(_ result: Int32, _ what: String) throws {
    guard result == 0 else { throw Folder.Failure(what: "\(what): errno \(errno)") }
  }
}
