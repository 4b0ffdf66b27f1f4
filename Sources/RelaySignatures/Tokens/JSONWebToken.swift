internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel

/// The algorithms of JSON Web Signatures that providers use. `none` is not among them.
enum JSONWebTokenAlgorithm: String, Sendable, CaseIterable {
  case hs256 = "HS256"
  case hs512 = "HS512"
  case rs256 = "RS256"
  case rs512 = "RS512"
  case ps256 = "PS256"
  case es256 = "ES256"
  case edDSA = "EdDSA"

  /// The digest of the HMAC; nil for the others.
  var hmac: DigestAlgorithm? {
    switch self {
    case .hs256: .sha256
    case .hs512: .sha512
    default: nil
    }
  }

  /// The public-key scheme; nil for the HMACs.
  var scheme: SignatureScheme? {
    switch self {
    case .hs256, .hs512: nil
    case .rs256: .rsaSHA256
    case .rs512: .rsaSHA512
    case .ps256: .rsaPSSSHA256
    case .es256: .p256Raw
    case .edDSA: .ed25519
    }
  }
}

/// A JSON Web Signature in its compact form, taken apart and not yet believed.
struct JSONWebToken {
  let header: JSON
  /// The second part as it came: empty in a detached signature.
  let payload: [UInt8]
  /// What the signature covers.
  let signed: [UInt8]
  let signature: [UInt8]

  /// Throws where `text` is not three parts of base64url with a JSON header.
  init(_ text: ArraySlice<UInt8>) throws(Refusal) {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let header = Base64.urlSafe.decode(parts[0]),
      let payload = Base64.urlSafe.decode(parts[1]), let signature = Base64.urlSafe.decode(parts[2])
    else { throw Refusal(.malformedHeader, "the token is no JSON Web Token") }
    do {
      self.header = try JSON.parse(header)
    } catch {
      throw Refusal(.malformedHeader, "the token's header is no JSON")
    }
    self.payload = payload
    self.signature = signature
    self.signed = Array(text[..<parts[1].endIndex])
  }

  /// The claims: the payload as a JSON object.
  func claims() throws(Refusal) -> JSONObject {
    do {
      if let object = try JSON.parse(payload).object { return object }
    } catch {
      throw Refusal(.malformedHeader, "the token's claims are no JSON")
    }
    throw Refusal(.malformedHeader, "the token's claims are no object")
  }
}
