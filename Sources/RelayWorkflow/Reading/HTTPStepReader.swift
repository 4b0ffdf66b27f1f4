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
    let url = reader.url(HTTPKeys.url, known)
    let query = reader.values(HTTPKeys.query, known)
    let headers = reader.headers(HTTPKeys.headers, known)
    let body = body()
    let auth = reader.read(HTTPKeys.auth).flatMap(Self.auth)
    let expect = reader.expression(HTTPKeys.expect, known.adding("response"), isCondition: true)
    let follow = reader.read(HTTPKeys.follow)
    reader.finish()
    guard let url else { return nil }
    return HTTPStep(
      method: method, url: url, query: query, headers: headers, body: body, auth: auth, expect: expect,
      follow: follow)
  }

  private func method() -> Template? {
    let template = reader.template(HTTPKeys.method, known)
    if let literal = template?.literal, !HTTPStep.isMethod(literal) {
      reader.reject(HTTPKeys.method, "must be in upper-case letters, such as POST")
    }
    return template
  }

  private func body() -> RequestBody {
    guard reader.hasOneBody(of: HTTPKeys.bodies) else { return .none }
    if let value = reader.readOrNull(HTTPKeys.json) { return .json(reader.value(value, known)) }
    if reader.has(HTTPKeys.form) { return .form(reader.values(HTTPKeys.form, known)) }
    if let parts = reader.read(HTTPKeys.multipart) { return .multipart(parts.compactMap(field)) }
    if let text = reader.template(HTTPKeys.text, known) { return .text(text) }
    return reader.template(HTTPKeys.raw, known).map(RequestBody.raw) ?? .none
  }

  private func field(_ part: NamedValue<EitherForm<TemplateForm, Shape>.Value>) -> MultipartField? {
    switch part.value {
    case .short(let text):
      return reader.template(text, known).map { MultipartField(name: part.name, content: $0) }
    case .long(let reader):
      let content = reader.template(PartKeys.content, known)
      let filename = reader.template(PartKeys.filename, known)
      let type = reader.template(PartKeys.type, known)
      reader.finish()
      return content.map { MultipartField(name: part.name, content: $0, filename: filename, type: type) }
    }
  }

  private static func auth(_ reader: MappingReader) -> RequestAuth? {
    defer { reader.finish() }
    guard reader.found(AuthKeys.kinds).count == 1 else {
      let names = AuthKeys.kinds.names.joined(separator: ", ")
      reader.diagnostics.error("\(reader.path) needs exactly one of \(names)", at: reader.position)
      return nil
    }
    if let token = reader.read(AuthKeys.bearer) { return .bearer(token) }
    if let basic = reader.read(AuthKeys.basic) { return Self.basic(basic) }
    if let header = reader.read(AuthKeys.header), let (name, value) = credential(header) {
      return header.isAllowedHeader(name, at: header.written(CredentialKeys.name))
        ? .header(name: name, value) : nil
    }
    return reader.read(AuthKeys.query).flatMap(credential).map { .query(name: $0.name, $0.value) }
  }

  private static func basic(_ reader: MappingReader) -> RequestAuth? {
    let username = reader.read(BasicKeys.username)
    let password = reader.read(BasicKeys.password)
    reader.finish()
    guard let username, let password else { return nil }
    return .basic(username: username, password: password)
  }

  private static func credential(_ reader: MappingReader) -> (name: String, value: SecretReference)? {
    let name = reader.read(CredentialKeys.name)
    let value = reader.read(CredentialKeys.value)
    reader.finish()
    guard let name, let value else { return nil }
    return (name, value)
  }
}

extension MappingReader {
  /// Whether at most one body is there; reports more. `json: null` is one: the text `null`.
  func hasOneBody(of bodies: Alternatives) -> Bool {
    let hasNull = readOrNull(HTTPKeys.json)?.node.isNull == true
    let found = (hasNull ? [HTTPKeys.json.name] : []) + found(bodies)
    guard found.count > 1 else { return true }
    diagnostics.error("\(path) has more than one body: \(found.joined(separator: ", "))", at: position)
    return false
  }

  /// A URL, checked as far as it is written out.
  func url(_ key: Key<TemplateForm>, _ known: KnownNames) -> URLTemplate? {
    guard let template = template(key, known) else { return nil }
    let url = URLTemplate(template)
    guard let text = url.literalOrigin else { return url }
    do {
      _ = try HTTPURL(text)
    } catch {
      reject(key, "cannot be called: \(error.message)")
      return nil
    }
    return url
  }

  /// Header fields: names that a request may carry, and their values.
  func headers(_ key: Key<MembersForm<ScalarForm>>, _ known: KnownNames) -> [HeaderTemplate] {
    (read(key) ?? []).compactMap { field in
      guard isAllowedHeader(field.name, at: field.written) else { return nil }
      return template(field.value, known).map { HeaderTemplate(name: field.name, value: $0) }
    }
  }

  /// Reports a name that no field may have, or that is the relay's own, at `place`.
  fileprivate func isAllowedHeader(_ name: String, at place: WrittenValue?) -> Bool {
    let lower = String(decoding: name.utf8.map(\.asciiLowercased), as: UTF8.self)
    guard !name.isEmpty, lower.utf8.allSatisfy({ Self.isTokenByte($0) }) else {
      place?.reject("is no name of a header field")
      return false
    }
    guard !Self.ownHeaders.contains(lower), !lower.hasPrefix("proxy-") else {
      place?.reject("is a header that the relay sets itself")
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
