internal import RelayDocuments

/// A bulk action, walked to its end a piece at a time.
struct Bulk {
  private(set) var done: [String] = []
  private(set) var failed: [JSON] = []

  /// Sends `request(cursor)` until nothing follows, or `limit` are done.
  init(
    _ relay: any RelayConnection, _ path: String, limit: Int?,
    _ request: (_ piece: Int, _ cursor: String?) -> JSON
  ) throws(CommandFailure) {
    var cursor: String?
    repeat {
      let piece = min(1000, limit.map { $0 - done.count - failed.count } ?? 1000)
      let answer = try relay.post(path, request(piece, cursor))
      done += answer["done"]?.array?.compactMap(\.string) ?? []
      failed += answer["failed"]?.array ?? []
      cursor = answer["next"]?.string
    } while cursor != nil && (limit.map { done.count + failed.count < $0 } ?? true)
  }

  /// Tells what came of it; a failure of some ends as partly done, of all as failed.
  func report(_ console: Console, _ verb: String, _ noun: String) throws(CommandFailure) {
    if console.json {
      console.result(["done": .array(done.map { .string($0) }), "failed": .array(failed), "next": .null])
    } else {
      for id in done { console.result(id) }
      for failure in failed {
        console.message("\(failure["id"]?.string ?? ""): \(failure["detail"]?.string ?? "")")
      }
      console.message(
        "\(verb) \(done.count) \(noun)\(done.count == 1 ? "" : "s")\(failed.isEmpty ? "" : ", \(failed.count) failed")"
      )
    }
    guard !failed.isEmpty else { return }
    throw done.isEmpty ? .silent(failureStatus) : .silent(.partly)
  }

  /// Where all failed for one reason, that reason's status.
  private var failureStatus: ExitStatus {
    let codes = Set(failed.compactMap { $0["code"]?.string })
    return codes == ["not_found"] ? .notFound : codes == ["unavailable"] ? .busy : .failed
  }
}
