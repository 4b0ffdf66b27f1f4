internal import ArgumentParser
internal import RelayDocuments
internal import RelayModel

/// How much of a list is shown.
struct ListOptions: ParsableArguments {
  @Option(name: .long, help: "How many, the newest first.")
  var limit = 50

  @Flag(name: [.long, .customShort("q")], help: "Print ids only.")
  var ids = false

  func validate() throws {
    guard (1...1_000_000).contains(limit) else {
      throw ValidationError("--limit is a number from 1 to 1000000.")
    }
  }
}

/// What a list of executions or events is narrowed to.
struct FilterOptions: ParsableArguments {
  @Option(name: .long, help: "Only of this hook.")
  var hook: String?

  @Option(name: .long, help: "Only of this workflow.")
  var workflow: String?

  @Option(name: .long, help: "Only since: a span such as 2h, or an instant such as 2026-11-25T07:00:00Z.")
  var since: String?

  func validate() throws {
    guard let since, Duration(text: since) == nil, Timestamp(rfc3339: since) == nil else { return }
    throw ValidationError(
      "--since is a span such as 2h (ms, s, m, h, d), or an instant such as 2026-11-25T07:00:00Z.")
  }

  /// As members of a bulk request.
  var members: [(name: String, value: JSON)] {
    [("hook", hook), ("workflow", workflow), ("since", since)].compactMap { name, value in
      value.map { (name, JSON.string($0)) }
    }
  }

  var query: [(String, String?)] { [("hook", hook), ("workflow", workflow), ("since", since)] }
}

extension Console {
  /// A list: as JSON `{items, next}`, as ids, or as a table made of the items.
  func list(
    _ found: (items: [JSON], next: String?), ids: Bool, empty: String, _ table: ([JSON]) -> Table
  ) {
    if json {
      result(["items": .array(found.items), "next": JSON(found.next)])
    } else if ids {
      for item in found.items { result(item["id"]?.string ?? "") }
    } else if found.items.isEmpty {
      message(empty)
    } else {
      result(table(found.items).text(width: width))
      if found.next != nil { message("More follow; --limit \(found.items.count * 2) shows them.") }
    }
  }
}
