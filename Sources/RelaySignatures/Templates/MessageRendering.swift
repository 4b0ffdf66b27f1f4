internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel

/// A message as it is fed to a hash: what stands before the body, the body itself, what follows it. The
/// body, which may be large, is not copied.
struct RenderedMessage {
  var before: [UInt8] = []
  var hasBody = false
  var after: [UInt8] = []

  mutating func append(_ bytes: some Collection<UInt8>) {
    if hasBody { after.append(contentsOf: bytes) } else { before.append(contentsOf: bytes) }
  }

  /// The whole, for functions that take no pieces.
  func joined(body: [UInt8]) -> [UInt8] { hasBody ? before + body + after : before }

  func code(_ key: HMACKey, body: [UInt8]) throws(CryptoError) -> [UInt8] {
    try key.code { stream throws(CryptoError) in
      if !before.isEmpty { try stream.update(before.span) }
      if hasBody { try stream.update(body.span) }
      if !after.isEmpty { try stream.update(after.span) }
    }
  }

  func digest(_ algorithm: DigestAlgorithm, body: [UInt8]) throws(CryptoError) -> [UInt8] {
    let stream = try DigestStream(algorithm)
    try stream.update(before.span)
    if hasBody { try stream.update(body.span) }
    try stream.update(after.span)
    return try stream.finish()
  }
}

/// What a template may name besides the request itself.
struct MessageContext {
  var scope = RequestScope()
  var timestamp: ArraySlice<UInt8> = []
  var secret: [UInt8] = []
  /// The fields beside the signatures.
  var fields: [SignatureReading.Field] = []
  /// The run of signatures and fields that is judged.
  var group = 0
  /// Whether the body is covered by a digest in the URL instead of its form fields.
  var leavesFormOut = false
}

extension SigningTemplate {
  /// The message that this template makes of a request. Throws where a header that it names is missing.
  func render(_ reader: inout RequestReader, _ context: MessageContext) throws(Refusal) -> RenderedMessage {
    var message = RenderedMessage()
    for piece in pieces { try piece.append(to: &message, &reader, context) }
    return message
  }
}

extension SigningTemplate.Piece {
  fileprivate func append(
    to message: inout RenderedMessage, _ reader: inout RequestReader, _ context: MessageContext
  ) throws(Refusal) {
    switch self {
    case .literal(let bytes): message.append(bytes)
    case .body:
      if message.hasBody {
        message.after.append(contentsOf: reader.request.body)
      } else {
        message.hasBody = true
      }
    case .timestamp: message.append(context.timestamp)
    case .secret: message.append(context.secret)
    case .optional(let pieces):
      guard try pieces.arePresent(&reader, context) else { return }
      for piece in pieces { try piece.append(to: &message, &reader, context) }
    case .sorted(let values):
      var rendered: [[UInt8]] = []
      for pieces in values {
        rendered.append(
          try SigningTemplate(pieces: pieces).render(&reader, context).joined(body: reader.request.body))
      }
      message.append(rendered.sorted { $0.lexicographicallyPrecedes($1) }.joined())
    case .header, .query, .json, .form, .field, .fieldAsJSONString:
      try appendValue(to: &message, &reader, context)
    case .method: message.append(reader.request.method.utf8)
    case .url(let spelling): message.append(spelling.text(reader.url, asCalled: reader.request.url).utf8)
    case .sortedForm, .formAsJSON, .bodySHA256, .bodyCRC32, .bodyAsJSONString, .listedHeaders, .sortedJSON,
      .plivoURL:
      try appendDerived(to: &message, &reader, context)
    }
  }

  private func appendValue(
    to message: inout RenderedMessage, _ reader: inout RequestReader, _ context: MessageContext
  ) throws(Refusal) {
    switch self {
    case .header(let name): message.append(try reader.required(.header(name)))
    case .query(let name, let lowercased):
      let value = reader.query().first(name) ?? []
      message.append(lowercased ? value.map(\.asciiLowercased) : value)
    case .json(let path): message.append(try reader.value(.json(path), in: context.scope.element) ?? [])
    case .form(let name): message.append(try reader.required(.form(name)))
    case .field(let name): message.append(context.field(name))
    case .fieldAsJSONString(let name):
      var quoted: [UInt8] = []
      JavaScriptJSON.append(quoted: context.field(name), to: &quoted)
      message.append(quoted)
    default: break
    }
  }

  private func appendDerived(
    to message: inout RenderedMessage, _ reader: inout RequestReader, _ context: MessageContext
  ) throws(Refusal) {
    let body = reader.request.body
    switch self {
    case .sortedForm where !context.leavesFormOut: message.append(try reader.form().sortedForSigning)
    case .formAsJSON: message.append(try reader.form().asJSON)
    case .listedHeaders(let name): message.append(try reader.listedHeaders(name))
    case .sortedJSON: message.append(try reader.json().sortedByName.serialized())
    case .plivoURL: message.append(try PlivoURL.signed(reader.url, form: reader.form()).utf8)
    case .bodySHA256: message.append(Hex.encode(try BodyDigest.sha256(body)))
    case .bodyCRC32: message.append(String(CRC32.checksum(body)).utf8)
    case .bodyAsJSONString:
      var quoted: [UInt8] = []
      JavaScriptJSON.append(quoted: body[...], to: &quoted)
      message.append(quoted)
    default: break
    }
  }
}

extension MessageContext {
  fileprivate func field(_ name: String) -> ArraySlice<UInt8> {
    fields.first { $0.group == group && $0.name.elementsEqual(name.utf8) }?.value ?? []
  }
}

extension [SigningTemplate.Piece] {
  /// Whether all that an optional segment names is there.
  fileprivate func arePresent(
    _ reader: inout RequestReader, _ context: MessageContext
  ) throws(Refusal) -> Bool {
    for piece in self {
      switch piece {
      case .header(let name): if try reader.header(name)?.isEmpty ?? true { return false }
      case .query(let name, _): if reader.query().first(name)?.isEmpty ?? true { return false }
      default: continue
      }
    }
    return true
  }
}

extension SigningTemplate.URLSpelling {
  fileprivate func text(_ url: RequestURL, asCalled: String) -> String {
    switch self {
    case .asCalled: asCalled
    case .withPort: url.withPort
    case .withoutPort: url.withoutPort
    case .unescaped: HubSpotURL.unescaped(asCalled)
    case .target: url.target
    }
  }
}
