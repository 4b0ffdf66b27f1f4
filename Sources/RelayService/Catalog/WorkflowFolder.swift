internal import RelayCrypto
package import RelayDocuments
internal import RelayModel
package import RelayWorkflow

/// A workflow as it lies in the folder.
package struct WorkflowFile: Sendable {
  /// Absolute.
  package let path: String
  package let document: [UInt8]
  /// SHA-256 of `document`: the version's content address.
  package let hash: [UInt8]
  package let workflow: Workflow
}

/// The workflows of a configuration: one a file, `*.json`, in one folder.
package struct WorkflowFolder: Sendable {
  /// In the order of their file names.
  package let files: [WorkflowFile]
  /// Every mistake of every file, with its place.
  package let diagnostics: [Diagnostic]

  /// The largest document, in bytes.
  private static let limit = 4 << 20

  /// Reads every workflow below `folder`. A folder that is missing holds none.
  ///
  /// - Parameter hooks: what `on.hook` may name.
  package static func load(_ folder: String, hooks: KnownHooks) -> WorkflowFolder {
    let names: [String]
    do throws(LocalFile.Failure) {
      names = try LocalFile.names(in: folder).filter { $0.hasSuffix(".json") }
    } catch {
      guard !error.isMissing else { return WorkflowFolder(files: [], diagnostics: []) }
      return WorkflowFolder(files: [], diagnostics: [diagnostic(folder, "cannot be read: \(error.reason)")])
    }
    return load(files: names.map { "\(folder)/\($0)" }, hooks: hooks)
  }

  /// Reads the workflows in `files`.
  ///
  /// - Parameter hooks: what `on.hook` may name; nil takes any.
  package static func load(files paths: [String], hooks: KnownHooks?) -> WorkflowFolder {
    var files: [WorkflowFile] = []
    var diagnostics: [Diagnostic] = []
    var places: [String: String] = [:]
    for path in paths {
      guard let file = read(path, hooks, &diagnostics) else { continue }
      if let other = places[file.workflow.name] {
        diagnostics.append(
          diagnostic(
            path, "the name \"\(file.workflow.name)\" is taken by \(other): give each workflow its own"))
        continue
      }
      places[file.workflow.name] = path
      files.append(file)
    }
    return WorkflowFolder(
      files: files, diagnostics: diagnostics + RunGraph.problems(files, isWhole: hooks != nil))
  }

  private static func read(
    _ path: String, _ hooks: KnownHooks?, _ all: inout [Diagnostic]
  ) -> WorkflowFile? {
    let diagnostics = Diagnostics(file: path)
    defer { all += diagnostics.all }
    do {
      let document = try LocalFile.read(path, limit: limit)
      guard let workflow = Workflow(document: document, hooks: hooks?.names, diagnostics) else { return nil }
      if let hooks {
        OwnTrigger.report(workflow, listener: hooks.listener, diagnostics)
        UnheardAnswer.report(workflow, hooks, diagnostics)
      }
      guard !diagnostics.hasErrors else { return nil }
      let hash = try DigestAlgorithm.sha256.digest(document)
      return WorkflowFile(path: path, document: document, hash: hash, workflow: workflow)
    } catch {
      diagnostics.error("cannot be read: \(error)", at: .start)
      return nil
    }
  }

  private static func diagnostic(_ file: String, _ message: String) -> Diagnostic {
    Diagnostic(file: file, line: 1, column: 1, message: message)
  }
}
