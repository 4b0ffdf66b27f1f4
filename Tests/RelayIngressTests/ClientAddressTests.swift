import RelayModel
import Testing

@testable import RelayIngress

@Suite struct ClientAddressTests {
  @Test(
    arguments: [
      ("203.0.113.9", ["10.0.0.1"], "203.0.113.9"),
      ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
      ("10.0.0.1", ["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
      ("10.0.0.1", ["203.0.113.9, 10.0.0.2"], "203.0.113.9"),
      ("10.0.0.1", ["6.6.6.6", "203.0.113.9"], "203.0.113.9"),
      ("10.0.0.1", ["203.0.113.9, garbage"], "10.0.0.1"),
      ("10.0.0.1", [], "10.0.0.1"),
      ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
      ("10.0.0.1", ["2001:db8::9"], "2001:db8::9"),
    ] as [(String, [String], String)])
  func `the client is the first hop from the right that is no trusted proxy`(
    peer: String, forwarded: [String], client: String
  ) throws {
    let range = try #require(CIDR("10.0.0.0/8"))
    let fields = HeaderFields(forwarded.map { ("X-Forwarded-For", $0) })
    #expect(ClientAddress(trusted: [range]).resolve(peer: peer, headers: fields) == client)
  }

  @Test func `without trusted proxies a forged header changes nothing`() {
    let fields = HeaderFields([("X-Forwarded-For", "127.0.0.1")])
    #expect(ClientAddress(trusted: []).resolve(peer: "203.0.113.9", headers: fields) == "203.0.113.9")
  }
}
