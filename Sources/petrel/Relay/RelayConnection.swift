internal import RelayDocuments

/// A way to ask the admin interface.
protocol RelayConnection {
  /// The answer's JSON, null where there is none. Throws what the relay refuses with, as a failure of the
  /// command.
  func ask(_ method: String, _ target: String, _ body: JSON?) throws(CommandFailure) -> JSON
}

extension RelayConnection {
  func get(_ path: String, _ query: [(String, String?)] = []) throws(CommandFailure) -> JSON {
    try ask("GET", Target.text(path, query), nil)
  }

  func post(_ path: String, _ body: JSON? = nil) throws(CommandFailure) -> JSON {
    try ask("POST", path, body)
  }

  /// Up to `limit` items of a list, over as many pages as it takes, and the cursor of what follows.
  func list(
    _ path: String, _ query: [(String, String?)], limit: Int
  ) throws(CommandFailure) -> (items: [JSON], next: String?) {
    var items: [JSON] = []
    var next: String?
    repeat {
      let wanted = min(1000, limit - items.count)
      let page = try get(path, query + [("limit", "\(wanted)"), ("cursor", next)])
      items += page["items"]?.array ?? []
      next = page["next"]?.string
    } while next != nil && items.count < limit
    return (items, next)
  }
}

/// A path with its query.
enum Target {
  static func text(_ path: String, _ query: [(String, String?)]) -> String {
    let items = query.compactMap { name, value in value.map { "\(name)=\(encoded($0))" } }
    return items.isEmpty ? path : "\(path)?\(items.joined(separator: "&"))"
  }

  /// Percent-encoded, but for what needs it nowhere.
  static func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.reduce(into: "") { encoded, byte in
      switch byte {
      case 48...57, 65...90, 97...122, 45, 46, 95, 126: encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default: encoded += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
  }
}

extension CommandFailure {
  /// What a problem document says.
  init(status: Int, problem: JSON) {
    let detail = problem["detail"]?.string ?? problem["title"]?.string ?? "the relay answered \(status)"
    let errors = problem["errors"]?.array?.compactMap(\.string) ?? []
    self.init(
      ExitStatus(httpStatus: status), ([detail] + errors).joined(separator: "\n"),
      hints: Self.hints(status), code: problem["code"]?.string)
  }

  private static func hints(_ status: Int) -> [String] {
    switch status {
    case 401: ["Set PETREL_TOKEN to a token of this relay; `petrel tokens create` on its machine makes one."]
    case 503: ["Try again in a moment; `petrel status` tells what is in the way."]
    default: []
    }
  }
}
