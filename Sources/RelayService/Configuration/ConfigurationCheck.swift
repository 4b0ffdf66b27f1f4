package import RelayDocuments
internal import RelayModel

/// Everything that can be found wrong without a running relay: in the configuration, its secrets, its hooks and
/// its workflows.
package struct ConfigurationCheck: Sendable {
  package let diagnostics: [Diagnostic]
  /// What was looked at, for people: `1 configuration, 3 hooks, 2 workflows: sound`.
  package let summary: String

  package var isSound: Bool { !diagnostics.contains { $0.severity == .error } }

  /// Whether an error stands in a configuration, and not only in workflows.
  package var blamesConfiguration: Bool {
    diagnostics.contains { $0.severity == .error && !$0.file.hasSuffix(".json") }
  }

  /// The configuration at `path` with all that belongs to it; of one that is wrong in itself, that alone.
  /// Throws where the file cannot even be read.
  package static func check(
    configuration path: String, environment: [String: String]
  ) throws(LocalFile.Failure) -> ConfigurationCheck {
    let loaded: LoadedConfiguration
    do throws(ConfigurationError) {
      loaded = try Configuration.load(path, environment: environment)
    } catch .unreadable(let failure) {
      throw failure
    } catch {
      return ConfigurationCheck(error.diagnostics, "")
    }
    let configuration = loaded.configuration
    let diagnostics = Diagnostics(file: path)
    let vault = StandingVault(configuration)
    let secrets = OperatorSecrets(environment: environment, vault: vault)
    var judged = configuration
    if vault.isBusy {
      judged.hooks.removeAll { hook in
        guard hook.verification.secrets.contains(where: \.isVault) else { return false }
        diagnostics.warning(
          "hooks.\(hook.name): its vault entry is not looked at while a relay has the store",
          at: hook.verification.position)
        return true
      }
    }
    _ = HookLoader(configuration: judged, secrets: secrets, diagnostics: diagnostics).hooks()
    let folder = WorkflowFolder.load(
      configuration.workflows, hooks: configuration.knownHooks)
    return ConfigurationCheck(
      loaded.warnings + diagnostics.all + folder.diagnostics,
      "1 configuration, \(counted(configuration.hooks.count, "hook")), \(counted(folder.files.count, "workflow")): sound"
    )
  }

  /// These files alone: `.json` are workflows, others configurations.
  package static func check(files: [String], environment: [String: String]) -> ConfigurationCheck {
    var diagnostics: [Diagnostic] = []
    var hooks: KnownHooks?
    for path in files where !path.hasSuffix(".json") {
      do throws(ConfigurationError) {
        let loaded = try Configuration.load(path, environment: environment)
        diagnostics += loaded.warnings
        let known = loaded.configuration.knownHooks
        hooks = hooks?.adding(known) ?? known
      } catch {
        diagnostics += error.diagnostics
      }
    }
    let workflows = files.filter { $0.hasSuffix(".json") }
    diagnostics += WorkflowFolder.load(files: workflows, hooks: hooks).diagnostics
    return ConfigurationCheck(
      diagnostics, "\(counted(files.count, "file")): sound")
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private init(_ diagnostics: [Diagnostic], _ summary: String) {
    self.diagnostics = diagnostics
    self.summary = summary
  }
}

extension Configuration {
  /// What relative paths start at.
  package var folder: String {
    let slash = file.lastIndex(of: "/") ?? file.startIndex
    return slash == file.startIndex ? "/" : String(file[..<slash])
  }
}

extension SecretReference {
  fileprivate var isVault: Bool { if case .vault = self { true } else { false } }
}
