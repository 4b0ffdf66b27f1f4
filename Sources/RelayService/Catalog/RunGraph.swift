internal import RelayDocuments
internal import RelayModel
internal import RelayWorkflow

/// Which workflow runs which: one that is not there, and those that would run each other for ever, are refused
/// before they run.
enum RunGraph {
  /// - Parameter isWhole: all workflows are known.
  static func problems(_ files: [WorkflowFile], isWhole: Bool) -> [Diagnostic] {
    let names = files.map(\.workflow.name)
    let runs = Dictionary(
      files.map { ($0.workflow.name, $0.workflow.runs.map(\.workflow)) },
      uniquingKeysWith: { first, _ in first })
    return files.flatMap { file in
      file.workflow.runs.compactMap { run in
        complaint(run.workflow, from: file.workflow.name, names, runs, isWhole: isWhole).map { complaint in
          Diagnostic(
            file: file.path, line: run.step.position.line, column: run.step.position.column,
            message: "step \(run.step.id).run.workflow: \(complaint)")
        }
      }
    }
  }

  private static func complaint(
    _ name: String, from workflow: String, _ names: [String], _ runs: [String: [String]], isWhole: Bool
  ) -> String? {
    guard names.contains(name) else {
      let hint = nearest(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
      return isWhole ? "there is no workflow \"\(name)\"\(hint)" : nil
    }
    guard let way = way(from: name, to: workflow, runs) else { return nil }
    return "\(([workflow] + way).joined(separator: " runs ")): it would never end"
  }

  /// The shortest way, both ends included; nil where there is none.
  private static func way(from start: String, to end: String, _ runs: [String: [String]]) -> [String]? {
    var ways = [[start]]
    var seen: Set = [start]
    while !ways.isEmpty {
      let way = ways.removeFirst()
      guard let last = way.last, last != end else { return way }
      for next in runs[last] ?? [] where seen.insert(next).inserted { ways.append(way + [next]) }
    }
    return nil
  }
}
