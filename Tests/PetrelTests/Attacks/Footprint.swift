import Glibc

/// What a process holds of the machine.
struct Footprint {
  let memoryKiB: Int
  let descriptors: Int

  init(_ process: RelayProcess) throws {
    let status = try Folder.text(of: "/proc/\(process.identifier)/status")
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    guard let words = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }), words.count > 1,
      let size = Int(words[1]), let folder = unsafe opendir("/proc/\(process.identifier)/fd")
    else { throw Folder.Failure(what: "the process has ended: \(status.prefix(200))") }
    defer { unsafe closedir(folder) }
    memoryKiB = size
    var count = 0
    while unsafe readdir(folder) != nil { count += 1 }
    descriptors = count
  }
}
