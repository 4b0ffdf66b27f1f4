import RelayModel
import Testing

@Suite struct NetworkAddressTests {
  @Test(arguments: [
    ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("::1", "::1"), ("::", "::"),
    ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("fe80::1", "fe80::1"),
    ("::ffff:10.1.2.3", "10.1.2.3"), ("::ffff:a9fe:a9fe", "169.254.169.254"),
    ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
  ])
  func `an address is read and written in its canonical form`(text: String, canonical: String) throws {
    #expect(try #require(NetworkAddress(text)).description == canonical)
  }

  @Test(arguments: [
    "", "127.1", "0x7f.0.0.1", "2130706433", "1.2.3.256", "01.2.3.4", "1.2.3.4.5", "1.2.3.", ":", ":::",
    "1:2:3", "1::2::3", "12345::", "fe80::1%lo", "[::1]", "1:2:3:4:5:6:7:8:9", "::1.2.3", "g::",

  ])
  func `anything else is refused`(text: String) {
    #expect(NetworkAddress(text) == nil)
  }

  @Test(arguments: [
    ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
    ("172.16.0.0/12", "172.31.9.9", true), ("172.16.0.0/12", "172.32.0.0", false),
    ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false), ("0.0.0.0/0", "8.8.8.8", true),
    ("fe80::/10", "febf::1", true), ("fe80::/10", "fec0::1", false), ("::/0", "1.2.3.4", false),
  ])
  func `a range holds the addresses of its prefix`(range: String, address: String, holds: Bool) throws {
    let range = try #require(NetworkRange(range))
    #expect(range.contains(try #require(NetworkAddress(address))) == holds)
  }

  @Test(arguments: ["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "example.com/8", "10/8"])
  func `a range with another prefix is refused`(text: String) {
    #expect(NetworkRange(text) == nil)
  }

  @Test func `only loopback addresses are loopback`() throws {
    for text in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
      #expect(try #require(NetworkAddress(text)).isLoopback)
    }
    for text in ["128.0.0.1", "0.0.0.0", "::", "::2", "10.0.0.1"] {
      #expect(!(try #require(NetworkAddress(text)).isLoopback))
    }
  }
}
