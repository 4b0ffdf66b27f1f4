internal import RelayDocuments
internal import RelayModel

extension SigningTemplate {
  /// Reads a template as it is written in `signed`. Throws where a placeholder is unknown.
  init(_ text: String) throws(SignatureError) {
    if text.hasPrefix("sort("), text.hasSuffix(")") {
      var values: [[Piece]] = []
      for part in text.dropFirst(5).dropLast().split(separator: ",") {
        values.append(try Self.pieces(part[...]))
      }
      self.init(pieces: [.sorted(values)])
    } else {
      self.init(pieces: try Self.pieces(text[...]))
    }
  }

  private static func pieces(_ text: Substring) throws(SignatureError) -> [Piece] {
    var pieces: [Piece] = []
    var literal: [UInt8] = []
    var rest = text
    while let first = rest.first {
      let found: (piece: Piece, length: Int)? =
        switch first {
        case "{": try placeholder(rest)
        case "[": try optionalSegment(rest)
        default: nil
        }
      guard let found else {
        literal.append(contentsOf: String(first).utf8)
        rest = rest.dropFirst()
        continue
      }
      if !literal.isEmpty { pieces.append(.literal(literal)) }
      literal = []
      pieces.append(found.piece)
      rest = rest.dropFirst(found.length)
    }
    if !literal.isEmpty { pieces.append(.literal(literal)) }
    return pieces
  }

  /// `[id:{query:data.id};]`. Brackets around anything that is always there are part of the message.
  private static func optionalSegment(_ text: Substring) throws(SignatureError) -> (Piece, Int)? {
    guard let end = text.firstIndex(of: "]") else { return nil }
    let inner = text[..<end].dropFirst()
    guard inner.contains("{query") || inner.contains("{header") else { return nil }
    return (.optional(try pieces(inner)), inner.count + 2)
  }

  /// A brace that no letter follows is a brace.
  private static func placeholder(_ text: Substring) throws(SignatureError) -> (Piece, Int)? {
    guard let second = text.dropFirst().first, second.isLowercase, let end = text.firstIndex(of: "}") else {
      return nil
    }
    let name = String(text[..<end].dropFirst())
    return (try piece(named: name), name.count + 2)
  }

  private static let fixed: [String: Piece] = [
    "body": .body, "ts": .timestamp, "method": .method, "secret": .secret, "form.sorted": .sortedForm,
    "json-of-form": .formAsJSON, "sha256hex(body)": .bodySHA256, "crc32(body)": .bodyCRC32,
    "jsonstr(body)": .bodyAsJSONString, "json.sorted": .sortedJSON, "url.plivo": .plivoURL,
  ]

  private static func piece(named name: String) throws(SignatureError) -> Piece {
    if let piece = fixed[name] { return piece }
    if let spelling = URLSpelling(rawValue: name) { return .url(spelling) }
    if name.hasPrefix("jsonstr(sig:"), name.hasSuffix(")") {
      return .fieldAsJSONString(String(name.dropFirst(12).dropLast()))
    }
    if let colon = name.firstIndex(of: ":") {
      let argument = String(name[name.index(after: colon)...])
      if !argument.isEmpty, let piece = piece(kind: name[..<colon], argument) { return piece }
    }
    let known = fixed.keys.sorted() + URLSpelling.allCases.map(\.rawValue)
    let hint = nearest(to: name, among: known).map { "; did you mean {\($0)}?" } ?? ""
    throw .configuration(member: "signed", why: "unknown placeholder {\(name)}\(hint)")
  }

  private static func piece(kind: Substring, _ argument: String) -> Piece? {
    switch kind {
    case "header": .header(argument)
    case "headers": .listedHeaders(argument)
    case "query": .query(argument, lowercased: false)
    case "query.lower": .query(argument, lowercased: true)
    case "form": .form(argument)
    case "json": JSONPath(argument).map { .json($0) }
    case "sig": .field(argument)
    default: nil
    }
  }
}
