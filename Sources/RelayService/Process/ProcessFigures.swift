internal import Glibc
package import RelayAdmin
internal import RelayModel

/// What the system says of this process, under the names that every Prometheus client library uses.
package enum ProcessFigures {
  /// Read from `/proc` with each call; what cannot be read is left out.
  package static func families() -> [MetricFamily] {
    guard let stat = ProcessStat.read() else { return [] }
    var families = [
      MetricFamily(
        "process_cpu_seconds_total", .counter, "Time on a core, in the program and in the system for it.",
        stat.cpuSeconds),
      MetricFamily("process_virtual_memory_bytes", .gauge, "Addresses mapped.", stat.virtualBytes),
      MetricFamily("process_resident_memory_bytes", .gauge, "Memory in use.", stat.residentBytes),
    ]
    if let boot = ProcessStat.bootSeconds() {
      families.append(
        MetricFamily(
          "process_start_time_seconds", .gauge, "When the process began, in Unix time.",
          boot + stat.startSeconds))
    }
    if let open = openDescriptors() {
      families.append(MetricFamily("process_open_fds", .gauge, "Descriptors in use.", Double(open)))
    }
    var limit = rlimit()
    if unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      families.append(
        MetricFamily("process_max_fds", .gauge, "Descriptors that it may have.", Double(limit.rlim_cur)))
    }
    return families
  }

  private static func openDescriptors() -> Int? {
    guard let folder = unsafe opendir("/proc/self/fd") else { return nil }
    defer { unsafe closedir(folder) }
    var count = 0
    while unsafe readdir(folder) != nil { count += 1 }
    // The folder itself, its parent, and the descriptor that reads it.
    return max(0, count - 3)
  }
}

/// The fields of `/proc/self/stat` that are of use; proc_pid_stat(5) numbers them.
struct ProcessStat: Equatable {
  let cpuSeconds: Double
  /// Since the machine was started.
  let startSeconds: Double
  let virtualBytes: Double
  let residentBytes: Double

  /// - Parameters:
  ///   - text: the file's one line. The program's name stands in parentheses and may hold anything.
  ///   - tick: clock ticks a second.
  ///   - page: bytes a page.
  init?(_ text: String, tick: Double, page: Double) {
    guard let name = text.utf8.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    // From field 3 on.
    let fields = text[text.utf8.index(after: name)...].split(whereSeparator: \.isWhitespace)
    guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
      let start = Double(fields[19]), let virtual = Double(fields[20]), let pages = Double(fields[21])
    else { return nil }
    cpuSeconds = (user + system) / tick
    startSeconds = start / tick
    virtualBytes = virtual
    residentBytes = pages * page
  }

  static func read() -> ProcessStat? {
    guard let text = text(of: "/proc/self/stat") else { return nil }
    return ProcessStat(
      text, tick: Double(sysconf(Int32(_SC_CLK_TCK))), page: Double(sysconf(Int32(_SC_PAGESIZE))))
  }

  /// When the machine was started, in Unix time.
  static func bootSeconds() -> Double? {
    let line = text(of: "/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
    return line.flatMap { Double($0.dropFirst(6)) }
  }

  private static func text(of path: String) -> String? {
    do throws(LocalFile.Failure) {
      return String(decoding: try LocalFile.read(path), as: UTF8.self)
    } catch {
      // Without /proc there is nothing to tell: the metrics are left out, as the format has it.
      return nil
    }
  }
}
