import Glibc

/// Plays a record, cuts the power at instants spread over it, and looks at what the disk may hold then.
struct PowerCut {
  let recording: Recording
  let naming: DiskModel.Naming
  var honoursSyncs = true

  struct Result {
    var images = 0
    /// With acknowledged events in them.
    var meaningful = 0
    var acknowledged = 0
    var broken: [String] = []
    var losses = 0
  }

  /// Makes and opens `count` images. A seed that fails is named, and fails again.
  func images(_ count: Int, seed: UInt64, look: (String) throws -> Void = { _ in }) throws -> Result {
    let workspace = try Folder(memory: true)
    _ = unsafe mkdir("\(workspace.path)/objects", 0o700)
    let model = try DiskModel(
      naming: naming, honoursSyncs: honoursSyncs, objects: "\(workspace.path)/objects", base: recording.base)
    var random = SeededRandom(seed)
    // The last of them at the end of the record, one for each kind of loss.
    let spread = max(0, count - Loss.allCases.count)
    let cuts = (0..<count).map { number in
      number < spread ? random.below(recording.entries.count + 1) : recording.entries.count
    }.sorted()
    var result = Result()
    var promises = Promises()
    var played = 0
    for (number, cut) in cuts.enumerated() {
      while played < cut {
        try model.apply(recording.entries[played])
        promises.apply(recording.entries[played])
        played += 1
      }
      result.images += 1
      result.acknowledged = promises.acknowledged.count
      if !promises.acknowledged.isEmpty { result.meaningful += 1 }
      let loss = Loss.allCases[number % Loss.allCases.count]
      do {
        try show(model, loss, &random, in: workspace) { image in
          try promises.hold(in: "\(image)/data")
          try look(image)
        }
      } catch let broken as Promises.Broken {
        if broken.isLoss { result.losses += 1 }
        result.broken.append("seed \(seed), image \(number), cut at \(cut), \(loss) lost: \(broken)")
      }
    }
    return result
  }

  private func show(
    _ model: DiskModel, _ loss: Loss, _ random: inout SeededRandom, in workspace: borrowing Folder,
    _ look: (String) throws -> Void
  ) throws {
    let image = "\(workspace.path)/image"
    _ = unsafe mkdir(image, 0o700)
    defer {
      model.restore()
      Folder.remove(image)
    }
    try model.show(in: image, loss, &random)
    try look(image)
  }

  /// The whole record played, and nothing lost: what must be the file that the process left.
  func replayed() throws -> [UInt8] {
    let workspace = try Folder(memory: true)
    _ = unsafe mkdir("\(workspace.path)/objects", 0o700)
    let model = try DiskModel(naming: naming, objects: "\(workspace.path)/objects", base: recording.base)
    for entry in recording.entries { try model.apply(entry) }
    var random = SeededRandom(1)
    var bytes: [UInt8] = []
    try show(model, .nothing, &random, in: workspace) { bytes = try Bytes.of("\($0)/data/data.mdb") }
    return bytes
  }
}
