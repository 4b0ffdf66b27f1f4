internal import RelayCrypto
internal import RelayModel

/// HTTP signatures as in draft-cavage-http-signatures: `keyid="…",algorithm="…",headers="(request-target)
/// host date digest",signature="…"`. The body counts as signed only through its digest header.
struct HTTPSignaturesScheme: Scheme {
  private static let tolerance = Duration.seconds(300)
  private let header: String
  private let keys: [PublicKey]

  init(_ configuration: VerifyConfiguration) throws(SignatureError) {
    header = configuration.parameter("header") ?? "Signature"
    keys = try configuration.requiredPublicKeys()
  }

  func verify(_ request: SignedRequest, at now: Timestamp) throws(Refusal) -> Verified {
    var reader = RequestReader(request)
    let text = try reader.required(.header(header)).text
    let parameters = SignedHeaders.parameters(text, separator: ",")
    guard let base64 = parameters["signature"], let signature = Base64.standard.decode(base64.utf8) else {
      throw Refusal(.malformedHeader, "the header \(header) holds no signature")
    }
    let names = (parameters["headers"] ?? "date").lowercased().split(separator: " ").map(String.init)
    guard names.contains("digest"), names.contains("date") else {
      throw Refusal(.malformedHeader, "the signature does not cover the digest and the date")
    }
    let headers = SignedHeaders(request)
    var lines: [String] = []
    for name in names { lines.append("\(name): \(try Self.value(name, request, headers))") }
    let instant = try date(try headers.value("date"), at: now)
    guard let index = keys.indexOfSigner(signature, [UInt8](lines.joined(separator: "\n"))) else {
      throw Refusal(.noMatchingSignature, "the signature of the header \(header) does not match")
    }
    return Verified(keyIndex: index, signedAt: instant, signature: signature, coversDelivery: true)
  }

  private static func value(
    _ name: String, _ request: SignedRequest, _ headers: SignedHeaders
  ) throws(Refusal) -> String {
    switch name {
    case "(request-target)": return "\(request.method.lowercased()) \(headers.url.target)"
    case "digest":
      // A sender may leave the header out and sign what it would be.
      guard request.headers.first("Digest") != nil else {
        return "sha-256=" + Base64.standard.text(try BodyDigest.sha256(request.body))
      }
      let digest = try headers.value(name)
      try SignedHeaders.checkDigest(digest, of: request.body)
      return digest
    default: return try headers.value(name)
    }
  }

  private func date(_ text: String, at now: Timestamp) throws(Refusal) -> Timestamp {
    guard let instant = Timestamp(httpDate: [UInt8](text)[...]) else {
      throw Refusal(.malformedHeader, "the header Date is no date")
    }
    let rule = TimestampRule(source: .header("Date"), unit: .httpDate, tolerance: Self.tolerance)
    try rule.check(instant, at: now)
    return instant
  }
}
