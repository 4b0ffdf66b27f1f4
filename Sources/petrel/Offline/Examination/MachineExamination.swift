internal import CLinux
internal import Glibc
internal import RelayModel
internal import RelayService

/// The clock and the limits of the process.
enum MachineExamination {
  static func findings(_ configuration: Configuration) -> [Examination.Entry] {
    [clock(), descriptors(configuration)]
  }

  /// Signatures with a timestamp fail where the clock is wrong.
  private static func clock() -> Examination.Entry {
    var state = timex()
    let status = unsafe adjtimex(&state)
    // TIME_ERROR, or the kernel's flag for a clock that nobody disciplines (adjtimex(2)).
    let isUnsynchronised = status < 0 || state.status & STA_UNSYNC != 0
    return isUnsynchronised
      ? Examination.Entry(
        .warning, "clock", "no time service keeps it",
        fix: "run chrony or systemd-timesyncd; timedatectl tells")
      : Examination.Entry(.good, "clock", "kept by a time service")
  }

  private static func descriptors(_ configuration: Configuration) -> Examination.Entry {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return Examination.Entry(.warning, "descriptors", "their limit cannot be read")
    }
    let needed = configuration.limits.connections + configuration.limits.executions + 64
    guard limit.rlim_max < UInt64(needed) else {
      return Examination.Entry(.good, "descriptors", "\(needed) needed, \(limit.rlim_max) allowed")
    }
    return Examination.Entry(
      .warning, "descriptors", "\(needed) needed, \(limit.rlim_max) allowed: connections will be fewer",
      fix: "LimitNOFILE=\(needed) in the unit, or ulimit -n \(needed)")
  }
}
