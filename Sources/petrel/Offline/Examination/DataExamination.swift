internal import CLinux
internal import Glibc
internal import RelayModel
internal import RelayService

/// The data folder: who can read it, and whether the disk has room.
enum DataExamination {
  static func findings(_ configuration: Configuration) -> [Examination.Entry] {
    let data = configuration.data
    guard LocalFile.exists(data) else {
      return [
        Examination.Entry(.warning, "data", "\(data) is not there yet", fix: "petrel serve makes it"),
        disk(configuration, at: parent(of: data)),
      ]
    }
    return [folder(data), keyFile(configuration), disk(configuration, at: data)] + tls(configuration)
  }

  private static func folder(_ path: String) -> Examination.Entry {
    permissions("data", path, forbidden: 0o077, fix: "chmod 700 \(path)")
  }

  private static func keyFile(_ configuration: Configuration) -> Examination.Entry {
    let path = configuration.keyFile
    guard LocalFile.exists(path) else {
      return Examination.Entry(.good, "vault", "no key yet; the first secret makes it")
    }
    return permissions("vault", path, forbidden: 0o077, fix: "chmod 600 \(path)")
  }

  private static func tls(_ configuration: Configuration) -> [Examination.Entry] {
    [configuration.listen.tls, configuration.admin.listen.tls].compactMap { $0 }.flatMap { tls in
      [tls.certificate, tls.key].map { path in
        LocalFile.exists(path)
          ? Examination.Entry(.good, "tls", path)
          : Examination.Entry(.bad, "tls", "there is no \(path)", fix: "mend the path, or put the file there")
      }
    }
  }

  private static func permissions(
    _ subject: String, _ path: String, forbidden: UInt32, fix: String
  ) -> Examination.Entry {
    do throws(LocalFile.Failure) {
      let mode = try LocalFile.mode(of: path)
      guard mode & forbidden != 0 else {
        return Examination.Entry(.good, subject, "\(path) is its owner's alone")
      }
      return Examination.Entry(
        .bad, subject, "\(path) is open to others (mode \(String(mode, radix: 8)))", fix: fix)
    } catch {
      return Examination.Entry(.bad, subject, "\(error)", fix: "run it as the relay's user")
    }
  }

  private static func disk(_ configuration: Configuration, at path: String) -> Examination.Entry {
    var status = statvfs()
    guard unsafe statvfs(path, &status) == 0 else {
      return Examination.Entry(.warning, "disk", "\(path) cannot be looked at")
    }
    let free = Int(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    let room = "\(Relative.bytes(free)) free"
    guard free >= 256 << 20 else {
      return Examination.Entry(
        .bad, "disk", "\(room) at \(path)", fix: "free some space; events are refused without")
    }
    guard free >= configuration.storeLimit.bytes else {
      return Examination.Entry(
        .warning, "disk", "\(room), less than store.max_size (\(configuration.storeLimit.text))",
        fix: "lower store.max_size, or give the disk more room")
    }
    return Examination.Entry(.good, "disk", room)
  }

  private static func parent(of path: String) -> String {
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
