import RelayDocuments

@testable import RelayService

/// Reads `yaml` as `/etc/petrel/petrel.yaml`, called `petrel.yaml` in messages.
func read(
  _ yaml: String, environment: [String: String] = [:]
) throws(ConfigurationError) -> LoadedConfiguration {
  try Configuration.read(
    Array(yaml.utf8), file: "/etc/petrel/petrel.yaml", shownAs: "petrel.yaml", environment: environment)
}

/// The messages with which `yaml` is refused; empty where it is taken.
func complaints(_ yaml: String, environment: [String: String] = [:]) -> [String] {
  do throws(ConfigurationError) {
    _ = try read(yaml, environment: environment)
    return []
  } catch {
    return error.diagnostics.map(\.description)
  }
}
