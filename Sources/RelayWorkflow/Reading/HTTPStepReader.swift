internal import RelayDocuments
internal import RelayExpressions
internal import RelayHTTP
internal import RelayModel

/// Reads an `http` step.
struct HTTPStepReader {
  private let reader: MappingReader
  private let known: KnownNames

  init(_ reader: MappingReader, _ known: KnownNames) {
    self.reader = reader
    self.known = known
  }

  func read() -> HTTPStep? {
    let method = method()
    let url = reader.url(known)
    let query = reader.values("query", known)
    let headers = reader.headers(known)
    let body = body()
    let auth = reader.mapping("auth").flatMap(Self.auth)
    let expect = reader.expression("expect", known.adding("response"), isCondition: true)
    let follow = reader.bool("follow") ?? false
    reader.finish()
    guard let url else { return nil }
    return HTTPStep(
      method: method, url: url, query: query, headers: headers, body: body, auth: auth, expect: expect,
      follow: follow)
  }

  private func method() -> Template? {
    let template = reader.template("method", known)
    if let literal = template?.literal, !HTTPStep.isMethod(literal) {
      reader.reject("method", "must be in upper-case letters, such as POST")
    }
    return template
  }

  private func body() -> RequestBody {
    let kinds = ["json", "form", "multipart", "text", "body"]
    let given = kinds.filter(reader.has)
    // `json: null` is a body: the text `null`.
    let hasNull = reader.names.contains("json") && !given.contains("json")
    for kind in kinds { _ = reader.nodeOrNull(kind) }
    guard given.count + (hasNull ? 1 : 0) <= 1 else {
      reader.diagnostics.error(
        "\(reader.path) has more than one body: \(given.joined(separator: ", "))", at: reader.position)
      return .none
    }
    if hasNull { return .json(.literal(.null)) }
    switch given.first {
    case "json": return reader.node("json").map { .json(reader.value($0, known)) } ?? .none
    case "form": return .form(reader.values("form", known))
    case "multipart": return .multipart(reader.mapping("multipart").map(multipart) ?? [])
    case "text": return reader.template("text", known).map(RequestBody.text) ?? .none
    case "body": return reader.template("body", known).map(RequestBody.raw) ?? .none
    default: return .none
    }
  }

  private func multipart(_ fields: MappingReader) -> [MultipartField] {
    var read: [MultipartField] = []
    fields.each { member, path in
      if let text = member.value.string {
        guard let content = fields.template(member.value, text, known) else { return }
        read.append(MultipartField(name: member.name, content: content))
        return
      }
      let part = MappingReader(member.value, path: path, fields.diagnostics)
      let content = part.template("content", known, required: true)
      let filename = part.template("filename", known)
      let type = part.template("type", known)
      part.finish()
      guard let content else { return }
      read.append(MultipartField(name: member.name, content: content, filename: filename, type: type))
    }
    return read
  }

  private static func auth(_ reader: MappingReader) -> RequestAuth? {
    let kinds = ["bearer", "basic", "header", "query"].filter { reader.nodeOrNull($0) != nil }
    defer { reader.finish() }
    guard kinds.count == 1 else {
      reader.diagnostics.error(
        "\(reader.path) needs exactly one of bearer, basic, header, query", at: reader.position)
      return nil
    }
    if kinds[0] == "bearer" { return reader.secret("bearer").map(RequestAuth.bearer) }
    guard let inner = reader.mapping(kinds[0], required: true) else { return nil }
    defer { inner.finish() }
    if kinds[0] == "basic" {
      let username = inner.string("username", required: true)
      guard let password = inner.secret("password"), let username else { return nil }
      return .basic(username: username, password: password)
    }
    let name = inner.string("name", required: true)
    guard let value = inner.secret("value"), let name else { return nil }
    if kinds[0] == "query" { return .query(name: name, value) }
    return inner.isAllowedHeader(name, "name") ? .header(name: name, value) : nil
  }
}

extension MappingReader {
  /// The member `url`, checked as far as it is written out.
  func url(_ known: KnownNames) -> URLTemplate? {
    guard let template = template("url", known, required: true) else { return nil }
    let url = URLTemplate(template)
    guard let text = url.literalOrigin else { return url }
    do {
      _ = try HTTPURL(text)
    } catch {
      reject("url", "cannot be called: \(error.message)")
      return nil
    }
    return url
  }

  /// The member `headers`: names that a request may carry, and their values.
  func headers(_ known: KnownNames) -> [HeaderTemplate] {
    guard let reader = mapping("headers") else { return [] }
    var headers: [HeaderTemplate] = []
    reader.each { member, path in
      guard reader.isAllowedHeader(member.name, member.name) else { return }
      guard case .scalar(let value, let text) = member.value.kind, value != .null else {
        reader.reject(member.name, "must be a string, not \(member.value.kindName)")
        return
      }
      guard let template = reader.template(member.value, text, known) else { return }
      headers.append(HeaderTemplate(name: member.name, value: template))
    }
    return headers
  }

  /// Reports a name that no field may have, or that is the relay's own.
  fileprivate func isAllowedHeader(_ name: String, _ member: String) -> Bool {
    let lower = String(decoding: name.utf8.map(\.asciiLowercased), as: UTF8.self)
    guard !name.isEmpty, lower.utf8.allSatisfy({ Self.isTokenByte($0) }) else {
      reject(member, "is no name of a header field")
      return false
    }
    guard !Self.ownHeaders.contains(lower), !lower.hasPrefix("proxy-") else {
      reject(member, "is a header that the relay sets itself")
      return false
    }
    return true
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (48...57).contains(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
  }

  private static let ownHeaders: Set = [
    "connection", "content-length", "expect", "host", "idempotency-key", "keep-alive", "te", "trailer",
    "transfer-encoding", "upgrade",
  ]
}
