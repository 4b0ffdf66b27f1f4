import RelayModel
import Testing

@Suite struct IPAddressTests {
  @Test(arguments: [
    ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
    ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("FE80::1", "fe80::1"),
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ("0:0:0:0:0:ffff:a9fe:a9fe", "::ffff:169.254.169.254"), ("::ffff:1.2.3.4", "::ffff:1.2.3.4"),
    ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
    ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("0:0:1::", "0:0:1::"),
  ])
  func `an address is read and written in its one spelling`(text: String, canonical: String) throws {
    let address = try #require(IPAddress(text))
    #expect("\(address)" == canonical)
    #expect(IPAddress(canonical) == address)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.0.0.1", "1.2.3.4 ", "0x7f.0.0.1", "1..2.3", "+1.2.3.4",
    ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "::12345", "::g", "fe80::1%lo", "[::1]",
    "1:2:3:4:5:6:7:8::", "::1.2.3", "1.2.3.4::", "::+1", "１２７.0.0.1",
  ])
  func `another spelling is no address`(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test func `the kernel's bytes are an address of their length`() {
    #expect(IPAddress(bytes: [127, 0, 0, 1]) == IPAddress("127.0.0.1"))
    #expect(IPAddress(bytes: [UInt8](repeating: 0, count: 15) + [1]) == IPAddress("::1"))
    #expect(IPAddress(bytes: [1, 2, 3]) == nil)
  }

  @Test func `only a mapped address is an IPv4 address underneath`() {
    #expect(IPAddress("::ffff:10.0.0.1")?.unmapped == IPAddress("10.0.0.1"))
    #expect(IPAddress("::10.0.0.1")?.unmapped == IPAddress("::a00:1"))
  }
}

@Suite struct CIDRTests {
  @Test(arguments: [
    ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false),
    ("10.0.0.0/8", "::ffff:10.1.1.1", true), ("::ffff:10.0.0.0/104", "10.1.1.1", true),
    ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false), ("0.0.0.0/0", "8.8.8.8", true),
    ("0.0.0.0/0", "::1", false), ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false),
    ("2001:db8::/33", "2001:db8:8000::", false), ("2001:db8::/33", "2001:db8:7fff::", true),
    ("::1/128", "::1", true), ("::/0", "2001:db8::1", true), ("::/0", "8.8.8.8", false),
    ("fd00::/65", "fd00::7fff:0:0:1", true), ("fd00::/65", "fd00::8000:0:0:1", false),
  ])
  func `a block contains an address by its leading bits`(block: String, address: String, inside: Bool) throws
  {
    let block = try #require(CIDR(block))
    #expect(block.contains(try #require(IPAddress(address))) == inside)
  }

  @Test func `bits beyond the prefix do not count`() {
    #expect(CIDR("10.1.2.3/8") == CIDR("10.0.0.0/8"))
    #expect(CIDR("10.1.2.3/8")?.description == "10.0.0.0/8")
    #expect(CIDR("fd00::1/64")?.description == "fd00::/64")
  }

  @Test(arguments: [
    "", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/+8", "10/8", "a/8",
    "10.0.0.0/8/8",
  ])
  func `another spelling is no block`(text: String) {
    #expect(CIDR(text) == nil)
  }
}
