internal import RelayModel
package import RelayStore

/// Takes a failed execution to another version of its workflow: steps are the same where they have the same name.
package enum VersionMove {
  /// Where its steps stand there; nil where every one stands where it stood.
  ///
  /// Throws, for people, where the failed step is gone, and where a step that has ended would come again after it.
  package static func places(
    _ record: ExecutionRecord, journal: [JournalEntry], attempts: [StepAttempt], from: Program, to: Program
  ) throws(ProgramError) -> StepPlaces? {
    let resumed = record.resumeAt ?? record.position
    if record.forks {
      throw ProgramError(
        message:
          "Branches of this execution are under way side by side, and stay with the version they began with: "
          + "retry it with its original version, or from the start.")
    }
    // An end without a step to go on from: `stop` and `fail` have one, so this is the document's end.
    guard from.step(at: resumed) != nil else { return nil }
    let name = from.name(of: resumed)
    guard let resume = to.path(named: name) else {
      throw ProgramError(
        message:
          "The version that runs now has no step \(name), which is where this one failed: retry it with its "
          + "original version, or from the start.")
    }
    let paths = Set(journal.map(\.path) + attempts.map(\.path))
    var places: [StepPath: StepPath] = [:]
    for path in paths { places[path] = to.path(named: from.name(of: path)) }
    for (path, place) in places where path < resumed && !resumed.isWithin(path) && place > resume {
      throw ProgramError(
        message:
          "In the version that runs now the step \(from.name(of: path)), which is done, comes after \(name) and "
          + "would be done again: retry it with its original version, or from the start.")
    }
    if resume == resumed, paths.allSatisfy({ places[$0] == $0 }) { return nil }
    return StepPlaces(resume: resume, places: places)
  }
}
