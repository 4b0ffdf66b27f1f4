import RelayCrypto
import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

@Suite struct SigningTemplateTests {
  private func refusal(
    _ template: String, _ message: String, _ change: (inout Trial) -> Void = { _ in }
  ) throws -> RefusalCode? {
    try Trial.hmac(("signed", .string(template))).with {
      $0.headers = [("X-Sig", try Trial.code(message)), ("X-Id", "m-1")]
      change(&$0)
    }.refusal()
  }

  @Test(
    arguments: [
      ("{body}", #"{"k":"a\"b"}"#), ("POST{body}", #"POST{"k":"a\"b"}"#),
      ("{body}.{body}", #"{"k":"a\"b"}.{"k":"a\"b"}"#), ("{method} {target}\n", "POST /p?a=x%20y&b=&a=z\n"),
      ("{url}", "https://h.example:443/p?a=x%20y&b=&a=z"),
      ("{url.noport}", "https://h.example/p?a=x%20y&b=&a=z"),
      ("{url.port}", "https://h.example:443/p?a=x%20y&b=&a=z"),
      ("{header:x-id};{query:a};{query:c}", "m-1;x y;"),
      ("{json:k}{json:none}", #"a"b"#), ("{sha256hex(body)}", "0e28bd7b6e6d52a78d4ba21fb5eac9a5"),
      ("[{body}]", #"[{"k":"a\"b"}]"#), ("[id:{query:a};][no:{query:c};]{header:X-Id}", "id:x y;m-1"),
      ("{\"Body\":{jsonstr(body)}}", #"{"Body":"{\"k\":\"a\\\"b\"}"}"#), ("{crc32(body)}", "CRC"),
      ("sort({query:b},{header:X-Id},{query:a})", "m-1x y"), ("{secret}{body}", #"otter{"k":"a\"b"}"#),
    ])
  func `a template makes this message of a request`(template: String, message: String) throws {
    let body = Array(#"{"k":"a\"b"}"#.utf8)
    var expected = message
    if template.hasPrefix("{sha256") { expected = Hex.text(try DigestAlgorithm.sha256.digest(body)) }
    if template.hasPrefix("{crc32") { expected = "\(crc32(body))" }
    let refusal = try refusal(template, expected) {
      $0.body = body
      $0.url = "https://h.example:443/p?a=x%20y&b=&a=z"
    }
    #expect(refusal == nil)
  }

  /// Bit by bit, as the polynomial is defined.
  private func crc32(_ bytes: [UInt8]) -> UInt32 {
    var value = UInt32.max
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value >> 1 ^ (value & 1) * 0xEDB8_8320 }
    }
    return ~value
  }

  @Test func `a form is sorted, its repeats sorted and counted once`() throws {
    let form = "b=2&a=z&a=x&a=x&c=%C3%A9+e"
    let refusal = try refusal("{form.sorted}", "axazb2cé e") { $0.body = Array(form.utf8) }
    #expect(refusal == nil)
    let field = try self.refusal("{form:c}", "é e") { $0.body = Array(form.utf8) }
    #expect(field == nil)
    let missing = try self.refusal("{form:d}", "") { $0.body = Array(form.utf8) }
    #expect(missing == .missingHeader)
  }

  @Test func `a header of the message must be there, once`() throws {
    #expect(try refusal("{header:X-Other}{body}", "") == .missingHeader)
    let twice = try refusal("{header:X-Id}", "m-1") { $0.headers.append(("X-Id", "m-1")) }
    #expect(twice == .malformedHeader)
  }

  @Test func `any of several messages may have been signed`() throws {
    let trial = Trial.hmac(("signed", ["{json:deep.value}", "{body}"]))
    let body = "no json"
    let refusal = try trial.with {
      $0.body = Array(body.utf8)
      $0.headers = [("X-Sig", try Trial.code(body))]
    }.refusal()
    #expect(refusal == nil)
  }

  @Test func `a body of any bytes is signed as it came`() throws {
    let body: [UInt8] = [0, 0xFF, 0x80, 13, 10, 0xC3]
    let code = Hex.text(try HMACKey(.sha256, secret: Array("otter".utf8)).code(body))
    let trial = Trial.hmac().with {
      $0.body = body
      $0.headers = [("X-Sig", code)]
    }
    #expect(try trial.refusal() == nil)
    #expect(try trial.with { $0.body.removeLast() }.refusal() == .noMatchingSignature)
    #expect(try trial.with { $0.body = [] }.refusal() == .noMatchingSignature)
  }
}
