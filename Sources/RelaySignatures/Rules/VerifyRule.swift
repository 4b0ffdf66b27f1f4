internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel

/// What a `verify:` object means: the scheme, without the operator's keys.
enum VerifyRule: Sendable {
  case message(MessageRule)
  case token(TokenRule)
  /// Basic credentials in a header.
  case basic(header: String)
  case jsonWebToken(JSONWebTokenRule)
  /// Nothing is verified.
  case none
  /// A scheme with code of its own.
  case bespoke(BespokeScheme)
}

/// A signature over a message made of the request: HMAC, a bare hash, or a public-key signature.
struct MessageRule: Sendable {
  enum Algorithm: Sendable, Hashable {
    case hmac(DigestAlgorithm)
    /// The secret stands in the message itself.
    case hash(DigestAlgorithm)
    case publicKey(SignatureScheme)
  }

  var algorithm: Algorithm
  var key: KeyForm
  var signature: SignatureRule
  /// The messages that may have been signed: one, unless providers differ from their documentation.
  var signed: [SigningTemplate]
  var timestamp: TimestampRule?
  /// Every element of an array in the body is signed by itself.
  var each: EachPath?
  /// A query parameter with the hex SHA-256 of a body that is no form; the message then leaves the form
  /// out (Twilio).
  var bodyDigestQuery: String?
  /// Whose certificate may be used, for a key that the request names.
  var certificate: CertificateRule?
}

/// A static token in the request.
struct TokenRule: Sendable {
  var source: ValueSource
  var prefix: [UInt8]
  var each: EachPath?
}

/// A JSON Web Token that binds the request.
struct JSONWebTokenRule: Sendable {
  var source: ValueSource
  var prefix: [UInt8]
  var algorithms: [JSONWebTokenAlgorithm]
  var claims: [ClaimRule]
}

/// `items[].inner`: every element of an array, and where in it to look.
struct EachPath: Sendable, Hashable {
  let array: JSONPath
  let inner: JSONPath

  private init(array: JSONPath, inner: JSONPath) {
    self.array = array
    self.inner = inner
  }

  /// Nil where `text` has no `[]`, or is no path.
  init?(_ text: String) {
    let utf8 = Array(text.utf8)
    guard let open = utf8.firstIndex(of: UInt8(ascii: "[")), utf8.count > open + 1,
      utf8[open + 1] == UInt8(ascii: "]"), let array = JSONPath(utf8[..<open].text),
      let inner = JSONPath(utf8[(open + 2)...].drop { $0 == UInt8(ascii: ".") }.text)
    else { return nil }
    self.array = array
    self.inner = inner
  }

  /// The elements themselves, whatever is looked for in them.
  var elements: EachPath { JSONPath("").map { EachPath(array: array, inner: $0) } ?? self }

  /// The values in `document`. Throws where there is no array, an empty one, or an element that lacks
  /// the value: nothing that counts as verified may go unverified.
  func values(in document: JSON) throws(Refusal) -> [JSON] {
    guard let elements = document.value(at: array)?.array, !elements.isEmpty else {
      throw Refusal(.unparsableBody, "the body has no elements at \(array.text)")
    }
    let values = elements.compactMap { $0.value(at: inner) }
    guard values.count == elements.count else {
      throw Refusal(.unparsableBody, "an element of \(array.text) has no \(inner.text)")
    }
    return values
  }
}

/// Where the address of the signer's certificate stands, and which addresses are the provider's.
struct CertificateRule: Sendable {
  var header: String
  var hosts: [String]
  var path: String
}
