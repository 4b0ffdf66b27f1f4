internal import Glibc

/// A relay's memory holds secrets and bodies: what a crash writes to the disk must not.
package enum CoreDumps {
  /// setrlimit(2): no core file of this process from now on. What collects cores system-wide asks the same
  /// limit.
  package static func forbid() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    // A process may always lower its own limit.
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }
}
