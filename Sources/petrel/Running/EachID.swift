internal import RelayDocuments

/// The same done to several records, each alone: what fails for one does not stop the others.
struct EachID {
  private let ids: [String]

  init(_ ids: [String]) { self.ids = ids }

  /// Prints what each call answered: its object, or the id in it. One failure of one is that failure.
  func perform(
    _ console: Console, _ verb: String, _ action: (String) throws(CommandFailure) -> JSON
  ) throws(CommandFailure) {
    var answers: [JSON] = []
    var failures: [CommandFailure] = []
    for id in ids {
      do throws(CommandFailure) {
        let answer = try action(id)
        answers.append(answer)
        if !console.json { console.result(answer["id"]?.string ?? id) }
      } catch {
        guard ids.count > 1 else { throw error }
        failures.append(error)
        console.report(error)
      }
    }
    if console.json { console.result(ids.count == 1 ? answers.first ?? .null : .array(answers)) }
    if ids.count > 1, !console.json { console.message("\(verb) \(answers.count) of \(ids.count)") }
    guard let first = failures.first else { return }
    throw .silent(answers.isEmpty ? first.status : .partly)
  }
}
