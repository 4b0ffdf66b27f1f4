import RelayHTTP
import RelayModel
import Testing

@Suite struct HTTPURLTests {
  @Test(arguments: [
    ("https://Example.COM", "https://example.com/"),
    ("http://a.example:80/x?y=z#f", "http://a.example/x?y=z"),
    ("HTTPS://a.example.:8443?q", "https://a.example:8443/?q"), ("http://127.1", "http://127.0.0.1/"),
    ("http://0x7f000001", "http://127.0.0.1/"), ("http://2130706433", "http://127.0.0.1/"),
    ("http://017700000001", "http://127.0.0.1/"), ("http://0", "http://0.0.0.0/"),
    ("http://169.254.43518", "http://169.254.169.254/"), ("http://0x7f.1", "http://127.0.0.1/"),
    ("http://2852039166", "http://169.254.169.254/"), ("http://127.0.0.1.", "http://127.0.0.1/"),
    ("http://[0:0:0:0:0:ffff:a9fe:a9fe]:8/", "http://[::ffff:169.254.169.254]:8/"),
    ("http://127.0.0.1#@ok.example", "http://127.0.0.1/"), ("http://h/a%20b", "http://h/a%20b"),
    ("http://h/ä|\"?<>", "http://h/%C3%A4%7C%22?%3C%3E"), ("http://my_host-1/", "http://my_host-1/"),
    ("http://h:0080/", "http://h/"), ("http://h?a=b://c", "http://h/?a=b://c"),
  ])
  func `a URL is read once into its one spelling`(text: String, canonical: String) throws {
    let url = try HTTPURL(text)
    #expect(url.text == canonical)
    #expect(try HTTPURL(canonical) == url)
  }

  @Test(arguments: [
    "", "example.com", "//example.com", "http:/example.com", "http:example.com", "file:///etc/passwd",
    "gopher://127.0.0.1", "http://", "http:///x", "http://a@127.0.0.1", "http://ok.example@127.0.0.1",
    "http://a:b@h/", "http://[example.com]", "http://[fe80::1%25lo]", "http://[::1", "http://::1/",
    "http://[1.2.3.4]",
    "http://１２７.0.0.1", "http://127%2e0.0.1", "http://ok.example\\@127.0.0.1", "http://h/\r\nX: y",
    "http://h/\u{0}",
    "http://h /", "http://h/a b", "http://h:0/", "http://h:65536/", "http://h:8a/", "http://h:-1/",
    "http://h:/",
    "http://1.2.3.4.5", "http://256.1.1.1", "http://1.2.3.08", "http://a.0x7f", "http://4294967296",
    "http://a..b",
    "http://.", "http://h,i/", "http://[::1]x/", "http://h:80:80/", "http://\u{7F}h",
  ])
  func `what two parsers might read differently is refused`(text: String) {
    #expect(throws: TransferError.self) { try HTTPURL(text) }
  }

  @Test func `a refusal does not repeat the URL`() {
    #expect {
      try HTTPURL("http://h/secret token")
    } throws: { error in
      (error as? TransferError).map { $0.code == "bad_url" && !$0.message.contains("secret") } ?? false
    }
  }
}
