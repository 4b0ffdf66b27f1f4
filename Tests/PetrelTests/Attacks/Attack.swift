import RelayCrypto
import Testing

/// Something no honest sender does, and what may come back.
struct Attack: Sendable, CustomTestStringConvertible {
  /// Names the attack.
  let testDescription: String
  let bytes: [UInt8]
  /// 0 is a close without an answer.
  let statuses: Set<Int>
  /// The problem's code; nil where libmicrohttpd's own parser refuses first, or where it is no refusal.
  let code: String?

  init(_ name: String, _ bytes: [UInt8], _ statuses: Set<Int>, code: String?) {
    testDescription = name
    self.bytes = bytes
    self.statuses = statuses
    self.code = code
  }

  init(_ name: String, _ text: String, _ statuses: Set<Int> = [400], code: String? = "bad_request") {
    self.init(name, Array(text.utf8), statuses, code: code)
  }

  /// A request to the signed hook that ends its connection.
  static func post(
    _ name: String, _ fields: [(String, String)], body: [UInt8], to path: String = "/hooks/github",
    _ statuses: Set<Int>, code: String?
  ) -> Attack {
    var text =
      "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: \(body.count)\r\n"
    for (name, value) in fields { text += "\(name): \(value)\r\n" }
    return Attack(name, Array((text + "\r\n").utf8) + body, statuses, code: code)
  }

  /// The signature that GitHub would send.
  static func code(
    _ body: [UInt8], secret: String = Installation.secret, _ algorithm: DigestAlgorithm = .sha256
  )
    -> String
  {
    do {
      return Hex.text(try HMACKey(algorithm, secret: Array(secret.utf8)).code(body))
    } catch {
      preconditionFailure("libcrypto computes no HMAC: \(error)")
    }
  }
}
