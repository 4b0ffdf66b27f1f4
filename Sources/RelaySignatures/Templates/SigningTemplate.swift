internal import RelayDocuments

/// The recipe of the message that a signature covers.
struct SigningTemplate: Sendable {
  indirect enum Piece: Sendable, Hashable {
    case literal([UInt8])
    case body
    /// The timestamp as the sender wrote it.
    case timestamp
    case method
    case secret
    case url(URLSpelling)
    case header(String)
    case query(String, lowercased: Bool)
    case json(JSONPath)
    case form(String)
    /// The form's fields sorted by name, name and value without anything between (Twilio).
    case sortedForm
    /// The form as a JSON object of strings (FreshBooks).
    case formAsJSON
    case bodySHA256
    case bodyCRC32
    /// The body as a JSON string.
    case bodyAsJSONString
    /// A field that came with the signature, as a JSON string.
    case fieldAsJSONString(String)
    case field(String)
    /// The headers that another header lists, as `name:value` joined by semicolons (Contentful).
    case listedHeaders(String)
    /// The body's JSON with sorted names (NOWPayments).
    case sortedJSON
    /// URL, query and form in Plivo's order.
    case plivoURL
    /// Left out as a whole where what it names is missing.
    case optional([Piece])
    /// The values sorted, then joined (WeChat).
    case sorted([[Piece]])
  }

  /// How the URL is written in the message.
  enum URLSpelling: String, Sendable, CaseIterable {
    case asCalled = "url"
    case withPort = "url.port"
    case withoutPort = "url.noport"
    /// With the percent-escapes undone that HubSpot undoes.
    case unescaped = "url.unescaped"
    case target = "target"
  }

  let pieces: [Piece]
  /// Whether the message differs from secret to secret.
  let namesSecret: Bool

  init(pieces: [Piece]) {
    self.pieces = pieces
    namesSecret = Self.contains(pieces) { $0 == .secret }
  }

  var namesTimestamp: Bool { Self.contains(pieces) { $0 == .timestamp } }
  var namesURL: Bool { Self.contains(pieces) { if case .url = $0 { true } else { false } } }

  /// Whether the message holds a value that the request names by itself, beside the whole body: an id,
  /// or an instant, which another event does not share.
  var namesValue: Bool {
    Self.contains(pieces) { piece in
      switch piece {
      case .header, .query, .json: true
      default: false
      }
    }
  }

  /// The headers that the message covers.
  var headers: [String] { names { if case .header(let name) = $0 { name } else { nil } } }
  /// The headers that list the headers that the message covers.
  var headerLists: [String] { names { if case .listedHeaders(let name) = $0 { name } else { nil } } }
  /// The fields beside the signature that the message covers.
  var fields: [String] {
    names { piece in
      switch piece {
      case .field(let name), .fieldAsJSONString(let name): name
      default: nil
      }
    }
  }

  /// Each name that `name` finds in a piece, once.
  private func names(_ name: (Piece) -> String?) -> [String] {
    var names: [String] = []
    _ = Self.contains(pieces) { piece in
      if let name = name(piece), !names.contains(name) { names.append(name) }
      return false
    }
    return names
  }

  private static func contains(_ pieces: [Piece], _ matches: (Piece) -> Bool) -> Bool {
    pieces.contains { piece in
      switch piece {
      case .optional(let inner): contains(inner, matches)
      case .sorted(let values): values.contains { contains($0, matches) }
      default: matches(piece)
      }
    }
  }
}
