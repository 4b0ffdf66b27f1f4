internal import ArgumentParser
internal import RelayDocuments
internal import RelayService

/// Which configuration a command works with.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    name: .long,
    help: "The configuration; without it config/petrel.yaml, then /etc/petrel/petrel.yaml.",
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  static let places = ["config/petrel.yaml", "/etc/petrel/petrel.yaml"]

  /// The file to read, whether it is there or not.
  var path: String { config ?? Self.places.first(where: LocalFile.exists) ?? Self.places[0] }

  /// - Parameter environment: whose overrides count.
  func load(_ environment: [String: String] = Environment.variables) throws(CommandFailure)
    -> LoadedConfiguration
  {
    do throws(ConfigurationError) {
      return try Configuration.load(path, environment: environment)
    } catch {
      throw CommandFailure(configuration: error, path: path, isGiven: config != nil)
    }
  }
}

extension CommandFailure {
  init(configuration error: ConfigurationError, path: String, isGiven: Bool) {
    switch error {
    case .unreadable(let failure) where failure.isMissing:
      self.init(
        .badConfiguration,
        isGiven ? "there is no \(path)" : "there is no configuration here",
        hints: ["petrel init DIR makes one; --config FILE names one that is elsewhere"])
    case .unreadable(let failure):
      self.init(.badConfiguration, "the configuration cannot be read: \(failure)")
    case .invalid(let diagnostics):
      self.init(
        .badConfiguration,
        (["the configuration cannot be used:"] + diagnostics.map(\.description)).joined(separator: "\n"))
    }
  }
}
