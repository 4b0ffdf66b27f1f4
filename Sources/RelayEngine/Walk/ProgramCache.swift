internal import RelayCrypto
internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel
package import RelayStore
internal import RelayWorkflow

/// Why an execution's document cannot be walked: the execution fails.
package struct ProgramError: Error, Sendable, Hashable {
  package var message: String

  package init(message: String) { self.message = message }
}

/// The workflow versions that executions in memory are pinned to; bounded.
package struct ProgramCache {
  private var programs: [UInt32: Program] = [:]

  package init() {}

  /// The version under `number`, read from the store where it is not known yet.
  package mutating func program(_ number: UInt32, _ store: Store) throws(StoreError) -> Result<
    Program, ProgramError
  > {
    if let known = programs[number] { return .success(known) }
    let stored = try store.read { (snapshot) throws(StoreError) in try snapshot.version(number) }
    guard let stored else {
      return .failure(ProgramError(message: "workflow version \(number) is not in the store"))
    }
    switch Program.read(stored) {
    case .success(let program):
      // Which ones go does not matter: a version is read in well under a millisecond.
      if programs.count >= EngineBounds.workflows { programs.removeAll(keepingCapacity: true) }
      programs[number] = program
      return .success(program)
    case .failure(let error): return .failure(error)
    }
  }
}

extension Program {
  /// Reads a stored version. It was valid when it was stored; a newer Petrel may refuse what an older one
  /// took.
  package static func read(_ version: WorkflowVersion) -> Result<Program, ProgramError> {
    let diagnostics = Diagnostics(file: version.name, isLenient: true)
    guard let workflow = Workflow(document: version.document, diagnostics) else {
      let first = diagnostics.all.first?.description ?? "it is empty"
      return .failure(ProgramError(message: "the workflow cannot be read any more: \(first)"))
    }
    do {
      let vars = try JSON.parse(version.vars)
      return .success(Program(workflow, version: Hex.text(version.hash), vars: Value(vars)))
    } catch {
      return .failure(ProgramError(message: "the vars of the workflow cannot be read: \(error)"))
    }
  }
}
