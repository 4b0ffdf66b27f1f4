internal import RelayModel

/// The parameters of a query: names and values percent-decoded, `+` a blank.
struct QueryItems: Sendable, Equatable {
  let items: [(name: String, value: String)]

  init(_ query: Substring?) { items = PercentEncoding.fields((query ?? "").utf8).map(\.text) }

  /// The last value of `name`.
  subscript(name: String) -> String? { items.last { $0.name == name }?.value }

  static func == (a: QueryItems, b: QueryItems) -> Bool { a.items.elementsEqual(b.items, by: ==) }
}
