internal import RelayCrypto
internal import RelayDocuments
internal import RelayExpressions
internal import RelayIngress
internal import RelayModel
internal import RelayStore
internal import RelayWorkflow

/// Configuration and workflows as they run: made whole by a start or a reload, or not at all.
struct Generation: Sendable {
  let configuration: Configuration
  let catalog: IngressCatalog
  /// By name, with the version that the store gave each document.
  let workflows: [String: WorkflowListener]
  /// SHA-256 over configuration and workflows, in hex.
  let fingerprint: String
  let warnings: [Diagnostic]

  /// Some workflow waits for an approval.
  var asks: Bool { workflows.values.contains { $0.workflow.allSteps.contains(where: \.asks) } }
}

/// Why a generation cannot run; nothing has changed.
enum GenerationError: Error {
  /// What is wrong in the files, each at its place.
  case invalid([Diagnostic])
  case store(StoreError)
  case unreadable(ConfigurationError)

  var messages: [String] {
    switch self {
    case .invalid(let diagnostics): diagnostics.map(\.description)
    case .store(let error): [error.message]
    case .unreadable(let error): [error.description]
    }
  }
}

/// Reads a generation from disk.
struct GenerationLoader: Sendable {
  /// The configuration file, as it was named on the command line.
  let path: String
  let environment: [String: String]

  func configuration() throws(GenerationError) -> LoadedConfiguration {
    do throws(ConfigurationError) {
      return try Configuration.load(path, environment: environment)
    } catch {
      throw .unreadable(error)
    }
  }

  /// Everything that a check can find without a running relay; throws when there is an error.
  func load(_ loaded: LoadedConfiguration, secrets: any SecretSource, store: Store) throws(GenerationError)
    -> Generation
  {
    let configuration = loaded.configuration
    let diagnostics = Diagnostics(file: path)
    var hooks = HookLoader(configuration: configuration, secrets: secrets, diagnostics: diagnostics).hooks()
    let folder = WorkflowFolder.load(
      configuration.workflows, hooks: configuration.knownHooks)
    let found = diagnostics.all + folder.diagnostics
    guard !found.contains(where: { $0.severity == .error }) else { throw .invalid(loaded.warnings + found) }
    let vars = configuration.vars.serialized()
    var workflows: [String: WorkflowListener] = [:]
    for file in folder.files { workflows[file.workflow.name] = try register(file, vars, store) }
    for index in hooks.indices {
      hooks[index].listeners = folder.files.compactMap { file in
        file.workflow.trigger.hook == hooks[index].name ? workflows[file.workflow.name] : nil
      }
    }
    return Generation(
      configuration: configuration,
      catalog: IngressCatalog(
        hooks: hooks, vars: Value(configuration.vars), publicURL: configuration.publicURL,
        trustedProxies: configuration.trustedProxies, usesTLS: configuration.listen.tls != nil),
      workflows: workflows, fingerprint: try fingerprint(configuration, folder, vars),
      warnings: loaded.warnings + found)
  }

  private func register(_ file: WorkflowFile, _ vars: [UInt8], _ store: Store) throws(GenerationError)
    -> WorkflowListener
  {
    do throws(StoreError) {
      let number = try store.perform(
        RegisterVersion(name: file.workflow.name, document: file.document, hash: file.hash, vars: vars))
      return WorkflowListener(workflow: file.workflow, version: number)
    } catch {
      throw .store(error)
    }
  }

  /// The configuration as it was read, its overrides, and every workflow.
  private func fingerprint(_ configuration: Configuration, _ folder: WorkflowFolder, _ vars: [UInt8])
    throws(GenerationError) -> String
  {
    do {
      var text = try LocalFile.read(configuration.file)
      for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("PETREL_") {
        text += Array("\n\(name)=\(value)".utf8)
      }
      for file in folder.files { text += file.hash }
      return Hex.text(try DigestAlgorithm.sha256.digest(text))
    } catch {
      throw .invalid([
        Diagnostic(file: path, line: 1, column: 1, message: "cannot be read for its fingerprint: \(error)")
      ])
    }
  }
}
