import Glibc

/// A file as a disk may hold it after a cut: what is certain lies in a real file, and over each sector the
/// contents that it had since, of which the disk may have taken any one.
final class DiskFile {
  static let sector = 512

  /// The real file; images are links to it.
  let path: String
  private let descriptor: Int32
  private var size: Int
  private var versions: [Int: [Version]] = [:]
  private var sizes: [(position: Int, size: Int)] = []
  /// What `show` has written over.
  private var covered: [(sector: Int, bytes: [UInt8])] = []

  private struct Version {
    let position: Int
    let bytes: [UInt8]
  }

  /// Takes an empty file at `path`, or one that was put there.
  init(path: String) throws {
    self.path = path
    descriptor = unsafe open(path, O_RDWR | O_CREAT, 0o600)
    guard descriptor >= 0 else { throw Folder.Failure(what: "open \(path)") }
    size = Int(lseek(descriptor, 0, SEEK_END))
  }

  deinit { close(descriptor) }

  // MARK: What the process did

  /// Bytes, or zeros, written at `position` in the record.
  func write(_ position: Int, at: Int, count: Int, bytes: [UInt8]?) {
    let end = at + count
    let known = lastSize
    // What lies beyond the end reads as zeros anyway.
    let last = bytes == nil ? min(end, known) : end
    for number in at / Self.sector..<max(at / Self.sector, (last + Self.sector - 1) / Self.sector) {
      var content = versions[number]?.last?.bytes ?? stored(number)
      let start = number * Self.sector
      for place in max(at, start)..<min(end, start + Self.sector) {
        content[place - start] = bytes.map { $0[place - at] } ?? 0
      }
      versions[number, default: []].append(Version(position: position, bytes: content))
    }
    if end > known { sizes.append((position, end)) }
  }

  /// Longer is uncertain until a sync; shorter is taken as certain, which no file of ours relies on.
  func truncate(_ position: Int, to size: Int) {
    if size >= lastSize { return sizes.append((position, size)) }
    settle(through: position)
    self.size = size
    ftruncate(descriptor, off_t(size))
  }

  /// All that was written up to `position` is certain from now on.
  func settle(through position: Int) { settle(through: position, sectors: Array(versions.keys)) }

  /// One write is certain: the sectors it touched, and the length it gave.
  func settle(write position: Int) {
    settle(
      through: position, sectors: versions.filter { $0.value.contains { $0.position == position } }.map(\.key)
    )
  }

  private func settle(through position: Int, sectors: [Int]) {
    for number in sectors {
      guard let last = versions[number]?.last(where: { $0.position <= position }) else { continue }
      put(number, last.bytes)
      let rest = versions[number]?.filter { $0.position > position }
      versions[number] = rest?.isEmpty == true ? nil : rest
    }
    if let last = sizes.last(where: { $0.position <= position }) { size = last.size }
    sizes.removeAll { $0.position <= position }
    ftruncate(descriptor, off_t(size))
  }

  // MARK: What the disk may hold

  /// Writes one of the contents that the disk may have over what is certain, until `restore`.
  func show(_ loss: Loss, _ random: inout SeededRandom) {
    let positions = Set(versions.values.flatMap { $0.map(\.position) }).sorted()
    let choice = loss.choice(among: positions, &random)
    for (number, known) in versions.sorted(by: { $0.key < $1.key }) {
      guard let kept = known.last(where: { choice.keeps($0.position, sector: number) }) else { continue }
      covered.append((number, stored(number)))
      put(number, kept.bytes)
    }
    let length =
      switch loss {
      case .everything: size
      case .nothing: lastSize
      default: sizes.map(\.size).filter { _ in random.chance(50) }.max() ?? size
      }
    ftruncate(descriptor, off_t(length))
  }

  func restore() {
    for (number, bytes) in covered { put(number, bytes) }
    covered = []
    ftruncate(descriptor, off_t(size))
  }

  private var lastSize: Int { sizes.last?.size ?? size }

  private func stored(_ number: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.sector)
    _ = unsafe pread(descriptor, &bytes, Self.sector, off_t(number * Self.sector))
    return bytes
  }

  private func put(_ number: Int, _ bytes: [UInt8]) {
    let written = unsafe pwrite(descriptor, bytes, Self.sector, off_t(number * Self.sector))
    precondition(written == Self.sector, "the folder of images is full")
  }
}

/// What a cut does to the writes that no sync covers yet.
enum Loss: CaseIterable {
  case everything, nothing
  /// Whole writes are lost, whichever.
  case writes
  /// The first ones are there, and one is torn.
  case tail
  /// Each sector of 512 bytes is there or not.
  case sectors

  struct Choice {
    fileprivate let whole: Set<Int>
    fileprivate let torn: Set<Int>
    fileprivate let seed: UInt64

    func keeps(_ position: Int, sector: Int) -> Bool {
      if whole.contains(position) { return true }
      guard torn.contains(position) else { return false }
      var random = SeededRandom(seed ^ UInt64(sector) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(position))
      return random.chance(50)
    }
  }

  fileprivate func choice(among positions: [Int], _ random: inout SeededRandom) -> Choice {
    let seed = random.next()
    let all = Set(positions)
    switch self {
    case .everything: return Choice(whole: [], torn: [], seed: seed)
    case .nothing: return Choice(whole: all, torn: [], seed: seed)
    case .writes: return Choice(whole: all.filter { _ in random.chance(50) }, torn: [], seed: seed)
    case .sectors: return Choice(whole: [], torn: all, seed: seed)
    case .tail:
      let count = random.below(positions.count + 1)
      return Choice(
        whole: Set(positions.prefix(count)), torn: Set(positions.dropFirst(count).prefix(1)), seed: seed)
    }
  }
}
