package import RelayDocuments
internal import RelayModel

/// A configuration that can be used, and what a person should still look at.
package struct LoadedConfiguration: Sendable {
  package var configuration: Configuration
  package var warnings: [Diagnostic]
}

extension Configuration {
  /// Reads the configuration at `path`, with the overrides of `environment` in it. Nothing but that file
  /// is read: secrets, keys and workflows are looked at by those who use them.
  package static func load(
    _ path: String, environment: [String: String]
  ) throws(ConfigurationError) -> LoadedConfiguration {
    let bytes: [UInt8]
    let file: String
    do throws(LocalFile.Failure) {
      bytes = try LocalFile.read(path, limit: 4 << 20)
      file = try LocalFile.absolute(path)
    } catch {
      throw .unreadable(error)
    }
    return try read(bytes, file: file, shownAs: path, environment: environment)
  }

  /// Reads a configuration that is in memory.
  ///
  /// - Parameters:
  ///   - file: where it lies, absolute: its folder is what relative paths start at.
  ///   - name: what messages call it.
  package static func read(
    _ bytes: [UInt8], file: String, shownAs name: String, environment: [String: String]
  ) throws(ConfigurationError) -> LoadedConfiguration {
    let written: DocumentNode
    do {
      written = try DocumentNode.parse(yaml: bytes, file: name)
    } catch {
      throw .invalid([error])
    }
    var overrides = Overrides(environment)
    let document = overrides.applied(to: written.isNull ? .emptyMapping : written)
    let diagnostics = Diagnostics(file: name)
    let configuration = ConfigurationReader(file: file, diagnostics).configuration(document)
    let found = (diagnostics.all.map(overrides.mended) + overrides.strays(besides: document)).sorted {
      ($0.line, $0.column) < ($1.line, $1.column)
    }
    guard !diagnostics.hasErrors else { throw .invalid(found) }
    return LoadedConfiguration(configuration: configuration, warnings: found)
  }
}

extension DocumentNode {
  static let emptyMapping = DocumentNode(.mapping([]), at: .start)
}
