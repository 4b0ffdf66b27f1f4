internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel

/// A JSON Web Signature whose payload is the body and is left out (RFC 7515, appendix F; RFC 7797).
struct DetachedJWSScheme: Scheme {
  /// For the instant `ts` that Constant Contact puts into the signature's header.
  private static let tolerance = Duration.seconds(300)
  private let header: String
  private let keys: JSONWebTokenKeys

  init(_ configuration: VerifyConfiguration) throws(SignatureError) {
    header = configuration.parameter("header") ?? "X-JWS-Signature"
    keys = try JSONWebTokenKeys([.rs256, .ps256, .es256, .edDSA], configuration)
  }

  func verify(_ request: SignedRequest, at now: Timestamp) throws(Refusal) -> Verified {
    var reader = RequestReader(request)
    let token = try JSONWebToken(try reader.required(.header(header)))
    guard token.payload.isEmpty else {
      throw Refusal(.malformedHeader, "the header \(header) is no detached signature")
    }
    let index = try keys.verify(token, over: try Self.message(token, request.body))
    let signedAt = token.header["ts"]?.int.map { Timestamp(seconds: Int64($0)) }
    if let signedAt {
      let rule = TimestampRule(source: .header(header), unit: .seconds, tolerance: Self.tolerance)
      try rule.check(signedAt, at: now)
    }
    return Verified(
      keyIndex: index, signedAt: signedAt, signature: token.signature, coversDelivery: signedAt != nil)
  }

  /// The header part and the body; base64url of the body unless the header says `"b64": false`.
  private static func message(_ token: JSONWebToken, _ body: [UInt8]) throws(Refusal) -> [UInt8] {
    let critical = token.header["crit"]?.array?.compactMap(\.string) ?? []
    guard critical.allSatisfy({ $0 == "b64" }) else {
      throw Refusal(.malformedHeader, "the signature demands an extension that is not understood")
    }
    return token.signed + (token.header["b64"]?.bool == false ? body : Base64.urlSafe.encode(body))
  }
}
