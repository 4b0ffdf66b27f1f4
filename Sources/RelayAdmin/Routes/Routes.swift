internal import RelayDocuments
internal import RelayModel
internal import RelayStore

/// All that the interface does. The OpenAPI document is written from the same table.
enum Routes {
  static let all: [Route] =
    executions + events + deadLetters + rejected + workflows + secrets + tokens + relay

  static let table = RouteTable(all)
}

extension AdminAnswer {
  static func page(_ items: [JSON], next: String?) -> AdminAnswer {
    .json(["items": .array(items), "next": JSON(next)])
  }
}
