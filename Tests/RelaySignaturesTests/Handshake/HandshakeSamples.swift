import RelayModel
import RelaySignatures

/// A challenge and the one right answer to it.
struct Challenge: CustomStringConvertible, Sendable {
  let provider: String
  let request: SignedRequest
  let keys: HandshakeKeys
  let isSigned: Bool
  let status: Int
  let headers: [(String, String)]
  let body: String

  init(
    _ provider: String, _ method: String = "POST", query: String = "", headers: [(String, String)] = [],
    body: String = "", keys: HandshakeKeys = HandshakeKeys(), signed: Bool = false, status: Int = 200,
    answers: [(String, String)] = [], _ answer: String = ""
  ) {
    self.provider = provider
    self.request = sampleRequest(
      body, headers: headers, method: method, url: "https://relay.example.com/hooks/x" + query)
    self.keys = keys
    self.isSigned = signed
    self.status = status
    self.headers = answers
    self.body = answer
  }

  var description: String { "\(provider) \(request.method) \(request.url.dropFirst(33)) \(status)" }
}

func handshake(_ provider: String) throws -> Handshake {
  try Handshake(PresetCatalog.preset(named: provider))
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Keys with `verify_token`.
func token(_ text: String) -> HandshakeKeys { HandshakeKeys(verifyToken: bytes(text)) }

/// Keys with one secret.
func secret(_ text: String) -> HandshakeKeys { HandshakeKeys(secrets: [bytes(text)]) }

extension HandshakeAnswer {
  /// The value of a header, compared without case; the last, as clients see it.
  func header(_ name: String) -> String? {
    headers.last { $0.name.lowercased() == name.lowercased() }?.value
  }

  var text: String { String(decoding: body, as: UTF8.self) }
}
