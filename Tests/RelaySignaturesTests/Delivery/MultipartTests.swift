import RelayCrypto
import RelayModel
import RelaySignatures
import Testing

@Suite struct MultipartTests {
  private func signed(_ type: String = "multipart/form-data; boundary=xyz", field: String = "json") throws
    -> SignedRequest
  {
    let code = try HMACKey(.sha256, secret: bytes("api key")).code(bytes("1669926463signature_request_sent"))
    let event =
      #"{"event":{"event_time":"1669926463","event_type":"signature_request_sent","event_hash":"\#(Hex.text(code))"}}"#
    let body = [
      "--xyz", "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"", "", "%PDF", "--xyz",
      "Content-Disposition: form-data; name=\"\(field)\"", "", event, "--xyz--", "",
    ].joined(separator: "\r\n")
    return sampleRequest(body, headers: [("Content-Type", type)])
  }

  private let hook = #"{"provider":"dropbox-sign","secret":"api key"}"#

  @Test func `an event inside a multipart field is verified, and is one delivery`() throws {
    let request = try signed()
    let verified = try Verifier(configuration(hook)).verify(request, at: Timestamp(seconds: 0))

    #expect(verified.coversDelivery)
    #expect(try deliveryRule("dropbox-sign").identity(of: request, verified) != nil)
    #expect(try deliveryRule("dropbox-sign").eventType(of: request) == "signature_request_sent")
  }

  @Test(arguments: [
    ("multipart/form-data; boundary=xyz", "other"), ("multipart/form-data; boundary=abc", "json"),
    ("multipart/form-data", "json"), ("application/json", "json"),
  ]) func `a body without that field is none`(type: String, field: String) throws {
    let verifier = try Verifier(configuration(hook))
    let request = try signed(type, field: field)

    #expect(throws: Refusal.self) { try verifier.verify(request, at: Timestamp(seconds: 0)) }
  }

  @Test func `a file is no field`() throws {
    let body =
      "--b\r\nContent-Disposition: form-data; name=\"json\"; filename=\"x\"\r\n\r\n{\"event\":{\"event_type\":\"x\"}}\r\n--b--"
    let request = sampleRequest(body, headers: [("Content-Type", "multipart/form-data; boundary=b")])

    #expect(try deliveryRule("dropbox-sign").eventType(of: request) == nil)
  }
}
