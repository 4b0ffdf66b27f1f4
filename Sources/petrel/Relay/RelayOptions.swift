internal import ArgumentParser
internal import RelayModel
internal import RelayService

/// Which relay a command speaks to: the one that runs on the configuration's data folder, one elsewhere, or
/// the folder of one that is stopped.
struct RelayOptions: ParsableArguments {
  @OptionGroup var configuration: ConfigurationOptions

  @Option(
    name: .long,
    help: "The admin API of a relay elsewhere, with a token in PETREL_TOKEN; also PETREL_URL.")
  var url: String?

  @Flag(name: .long, help: "Open a stopped relay's folder.")
  var offline = false

  func validate() throws {
    if offline, url != nil { throw ValidationError("--offline opens a folder and --url a relay; give one.") }
  }

  /// Opens the way to the relay.
  ///
  /// - Parameter changes: whether an offline folder is opened for writing.
  func connect(changes: Bool = false) throws(CommandFailure) -> any RelayConnection {
    let environment = Environment.variables
    if let url = url ?? (offline ? nil : environment["PETREL_URL"].flatMap { $0.isEmpty ? nil : $0 }) {
      return try HTTPConnection(.url(url, token: environment["PETREL_TOKEN"]))
    }
    let loaded = try configuration.load()
    if offline { return try OfflineConnection(loaded.configuration, changes: changes) }
    return try HTTPConnection(.socket(loaded.configuration.socket, config: configuration.path))
  }
}
