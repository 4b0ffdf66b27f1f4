internal import RelayCrypto
internal import RelayModel

/// HTTP Message Signatures (RFC 9421) with public keys: any signature of `Signature-Input` that covers
/// the body's digest and was made within the window may match.
struct HTTPMessageSignaturesScheme: Scheme {
  private static let tolerance = Duration.seconds(300)
  private let keys: [PublicKey]

  init(_ configuration: VerifyConfiguration) throws(SignatureError) {
    keys = try configuration.requiredPublicKeys()
  }

  func verify(_ request: SignedRequest, at now: Timestamp) throws(Refusal) -> Verified {
    var reader = RequestReader(request)
    let input = try reader.required(.header("Signature-Input")).text
    let signatures = SignedHeaders.parameters(try reader.required(.header("Signature")).text, separator: ",")
    var refusal = Refusal(
      .malformedHeader, "the header Signature-Input holds no signature that is understood")
    for entry in SignatureInput.all(in: input) {
      do throws(Refusal) {
        return try verify(request, entry, signatures[entry.label], at: now)
      } catch {
        refusal = error
      }
    }
    throw refusal
  }

  private func verify(
    _ request: SignedRequest, _ entry: SignatureInput, _ signature: String?, at now: Timestamp
  ) throws(Refusal) -> Verified {
    guard let base64 = signature?.filter({ $0 != ":" }), let bytes = Base64.standard.decode(base64.utf8)
    else {
      throw Refusal(.malformedHeader, "the header Signature holds nothing under \(entry.label)")
    }
    guard entry.components.contains("content-digest") else {
      throw Refusal(.malformedHeader, "the signature does not cover content-digest, so not the body")
    }
    let headers = SignedHeaders(request)
    try SignedHeaders.checkDigest(try headers.value("content-digest"), of: request.body)
    let instant = try created(entry, at: now)
    var lines: [String] = []
    for component in entry.components {
      lines.append("\"\(component)\": \(try Self.value(component, request, headers))")
    }
    lines.append("\"@signature-params\": \(entry.parametersText)")
    guard let index = keys.indexOfSigner(bytes, [UInt8](lines.joined(separator: "\n"))) else {
      throw Refusal(.noMatchingSignature, "the signature \(entry.label) does not match")
    }
    return Verified(keyIndex: index, signedAt: instant, signature: bytes, coversDelivery: true)
  }

  private func created(_ entry: SignatureInput, at now: Timestamp) throws(Refusal) -> Timestamp {
    guard let seconds = entry.parameters["created"].flatMap({ Int64($0) }), seconds.magnitude < 1 << 40 else {
      throw Refusal(.malformedHeader, "the signature \(entry.label) does not say when it was created")
    }
    let rule = TimestampRule(source: .header("Signature-Input"), unit: .seconds, tolerance: Self.tolerance)
    try rule.check(Timestamp(seconds: seconds), at: now)
    if let expires = entry.parameters["expires"].flatMap({ Int64($0) }), now.seconds > expires {
      throw Refusal(.timestampOutOfTolerance, "the signature \(entry.label) has expired")
    }
    return Timestamp(seconds: seconds)
  }

  private static func value(
    _ component: String, _ request: SignedRequest, _ headers: SignedHeaders
  ) throws(Refusal) -> String {
    switch component {
    case "@method": request.method
    case "@target-uri": request.url
    case "@request-target": headers.url.target
    case "@authority": headers.url.authority.lowercased()
    case "@scheme": headers.url.scheme.lowercased()
    case "@path": headers.url.path.isEmpty ? "/" : headers.url.path
    case "@query": "?" + headers.url.query
    default: try headers.value(component)
    }
  }
}

/// One member of `Signature-Input`: `label=("a" "b");created=1;keyid="k"`.
struct SignatureInput {
  let label: String
  /// The covered components, in lower case as RFC 9421 wants them.
  let components: [String]
  /// From the opening parenthesis to the end of the member, as it came: it is signed in this form.
  let parametersText: String
  let parameters: [String: String]

  /// The members of the header. Components with parameters of their own are left out, and with them
  /// the member.
  static func all(in text: String) -> [SignatureInput] {
    members(text).compactMap { member in
      guard let equals = member.firstIndex(of: "="), let close = member.lastIndex(of: ")") else { return nil }
      let list = member[member.index(after: equals)...close]
      guard list.first == "(", !list.contains(";") else { return nil }
      let names = list.dropFirst().dropLast().split(separator: " ")
      guard names.allSatisfy({ $0.count > 2 && $0.hasPrefix("\"") && $0.hasSuffix("\"") }) else { return nil }
      return SignatureInput(
        label: String(member[..<equals]), components: names.map { String($0.dropFirst().dropLast()) },
        parametersText: String(member[member.index(after: equals)...]),
        parameters: SignedHeaders.parameters(member[close...].dropFirst(), separator: ";"))
    }
  }

  /// Splits at commas outside of quotes and parentheses.
  private static func members(_ text: String) -> [Substring] {
    var members: [Substring] = []
    var isQuoted = false
    var start = text.startIndex
    for index in text.indices {
      if text[index] == "\"" { isQuoted.toggle() }
      guard text[index] == ",", !isQuoted else { continue }
      members.append(text[start..<index])
      start = text.index(after: index)
    }
    members.append(text[start...])
    return members.map { $0.drop { $0 == " " } }
  }
}
