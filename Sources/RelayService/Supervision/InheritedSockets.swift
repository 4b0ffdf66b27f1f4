internal import Glibc
internal import RelayHTTP

/// The listening sockets that whoever started the relay hands over (sd_listen_fds(3)): descriptors from 3 on,
/// told by `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES`.
///
/// A socket named `hooks` serves hooks, one named `admin` the admin interface. Where neither name is used, the
/// first is for hooks and the second for the admin interface. Each takes the place of the address in the
/// configuration, whose rules on what may be open to others hold for it all the same.
package struct InheritedSockets: Sendable {
  package enum Failure: Error, CustomStringConvertible {
    /// Not one for each listener at most, by the names that were given.
    case unclear(names: [String])
    /// One of them cannot be served on: a sentence.
    case unusable(String)

    package var description: String {
      switch self {
      case .unclear(let names):
        "the inherited sockets are named \(names.joined(separator: ", ")); name one hooks and one admin (FileDescriptorName=)"
      case .unusable(let why): why
      }
    }
  }

  let hooks: InheritedSocket?
  let admin: InheritedSocket?

  /// Where the descriptors begin.
  static let first: Int32 = 3

  /// No socket.
  package init() {
    hooks = nil
    admin = nil
  }

  /// What `environment` tells this process of; no socket where it tells another, or nothing.
  package init(environment: [String: String]) throws(Failure) {
    let names = Self.names(environment, process: getpid())
    let (hooks, admin) = try Self.places(of: names)
    do throws(ServerError) {
      self.hooks = try hooks.map { place throws(ServerError) in
        try InheritedSocket(descriptor: Self.first + Int32(place))
      }
      self.admin = try admin.map { place throws(ServerError) in
        try InheritedSocket(descriptor: Self.first + Int32(place))
      }
    } catch {
      throw .unusable(error.description)
    }
  }

  /// The names of the descriptors, in order; `unknown` where none was given.
  static func names(_ environment: [String: String], process: pid_t) -> [String] {
    guard environment["LISTEN_PID"] == String(process),
      let count = environment["LISTEN_FDS"].flatMap({ Int($0) }), count > 0, count < 1024
    else { return [] }
    let given = (environment["LISTEN_FDNAMES"] ?? "").split(separator: ":", omittingEmptySubsequences: false)
    return (0..<count).map { index in
      index < given.count && !given[index].isEmpty ? String(given[index]) : "unknown"
    }
  }

  /// Which descriptor is whose, by the names.
  static func places(of names: [String]) throws(Failure) -> (hooks: Int?, admin: Int?) {
    let (hooks, admin) = (
      names.indices.filter { names[$0] == "hooks" }, names.indices.filter { names[$0] == "admin" }
    )
    if hooks.isEmpty, admin.isEmpty, names.count <= 2 {
      return (names.indices.first, names.count == 2 ? 1 : nil)
    }
    guard hooks.count <= 1, admin.count <= 1, hooks.count + admin.count == names.count else {
      throw .unclear(names: names)
    }
    return (hooks.first, admin.first)
  }

  /// `environment` with the sockets' addresses as the configuration's overrides: what judges the configuration
  /// judges the sockets by it.
  package func overriding(_ environment: [String: String]) -> [String: String] {
    var environment = environment
    if let hooks { environment["PETREL_LISTEN"] = hooks.address.description }
    if let admin { environment["PETREL_ADMIN_LISTEN"] = admin.address.description }
    return environment
  }
}
