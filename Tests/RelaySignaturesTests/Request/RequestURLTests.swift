import RelayModel
import Testing

@testable import RelaySignatures

@Suite struct RequestURLTests {
  @Test(
    arguments: [
      ("https://h.example/p?q=1", "https://h.example:443/p?q=1", "https://h.example/p?q=1"),
      ("http://h.example", "http://h.example:80", "http://h.example"),
      ("https://h.example:8443/p", "https://h.example:8443/p", "https://h.example/p"),
      ("https://[::1]/p?", "https://[::1]:443/p?", "https://[::1]/p?"),
      ("https://[::1]:9/p", "https://[::1]:9/p", "https://[::1]/p"), ("/p?q", "/p?q", "/p?q"),
      ("ftp://h.example/", "ftp://h.example/", "ftp://h.example/"),
    ])
  func `a URL is written with its port and without`(text: String, with: String, without: String) {
    let url = RequestURL(text)
    #expect(url.withPort == with)
    #expect(url.withoutPort == without)
  }

  @Test func `a URL is taken apart as it stands`() {
    let url = RequestURL("https://User@H.Example:8443/a%20b/?x=/?&y#frag")
    #expect(url.scheme == "https")
    #expect(url.authority == "User@H.Example:8443")
    #expect(url.path == "/a%20b/")
    #expect(url.query == "x=/?&y")
    #expect(url.target == "/a%20b/?x=/?&y")
    #expect(url.withoutQuery == "https://User@H.Example:8443/a%20b/")
    #expect(RequestURL("https://h.example").target == "/")
    #expect(RequestURL("https://h.example?x").target == "/?x")
  }

  @Test func `a form is decoded as browsers do`() {
    let fields = PercentEncoding.fields(Array("a=1+2&b=%C3%A9%zz&c&=d&&e=f=g%".utf8)[...])
    let texts = fields.map { "\($0.name.text)|\($0.value.text)" }
    #expect(texts == ["a|1 2", "b|é%zz", "c|", "|d", "e|f=g%"])
    #expect(fields.first("a") == [UInt8]("1 2"))
    #expect(fields.first("z") == nil)
  }
}

@Suite struct CanonicalRequestTests {
  private func request(_ url: String, method: String = "POST") -> SignedRequest {
    SignedRequest(method: method, url: url, headers: HeaderFields(), body: [])
  }

  @Test(
    arguments: [
      ("https://j.example/path/to/service", "GET&/path/to/service&"), ("https://j.example/", "GET&/&"),
      ("https://j.example", "GET&/&"), ("https://j.example/a/?b=1", "GET&/a&b=1"),
      ("https://j.example/a&b?c", "GET&/a%26b&c="),
      (
        "https://j.example/p?zee_last=param&repeated=parameter%201&first=param&repeated=parameter+2"
          + "&repeated=Parameter%202&jwt=ABC",
        "GET&/p&first=param&repeated=Parameter%202,parameter%201,parameter%202&zee_last=param"
      ),
      ("https://j.example/p?a=x~*!'()%2F", "GET&/p&a=x~%2A%21%27%28%29%2F"),
    ])
  func `Atlassian hashes this form of a request`(url: String, canonical: String) {
    #expect(AtlassianRequest.canonical(request(url, method: "get")).text == canonical)
  }

  @Test(
    arguments: [
      ("https://p.example/a", "b=2&a=1", "https://p.example/a?a1b2"),
      ("https://p.example/a?y=2&x=1", "b=2&a=1", "https://p.example/a?x=1&y=2.a1b2"),
      ("https://p.example/a?y=2&x=1", "", "https://p.example/a?x=1&y=2"),
      ("https://p.example/a", "", "https://p.example/a"),
    ])
  func `Plivo signs this form of URL and fields`(url: String, form: String, signed: String) {
    #expect(PlivoURL.signed(RequestURL(url), form: PercentEncoding.fields([UInt8](form)[...])) == signed)
  }

  @Test func `HubSpot undoes some escapes`() {
    let url = "https://h.example/a%20b?u=https%3a%2F%2Fx%3Fy%40z&k=%26%3D"
    #expect(HubSpotURL.unescaped(url) == "https://h.example/a%20b?u=https://x?y@z&k=%26%3D")
  }

  @Test func `strings are quoted as JavaScript and as Python quote them`() {
    var quoted: [UInt8] = []
    JavaScriptJSON.append(quoted: [UInt8]("a\"\\\n\u{1}\u{8}\u{c}\r\té/")[...], to: &quoted)
    #expect(quoted.text == #""a\"\\\n\u0001\b\f\r\té/""#)
    let form = PercentEncoding.fields([UInt8]("n=%C3%A9%F0%9F%98%80&q=%22%5C%0A%7F")[...])
    #expect(form.asJSON.text == #"{"n": "\u00e9\ud83d\ude00", "q": "\"\\\n\u007f"}"#)
  }

  @Test func `the check value of CRC-32 is the published one`() {
    #expect(CRC32.checksum([UInt8]("123456789")) == 0xCBF4_3926)
    #expect(CRC32.checksum([]) == 0)
  }

  @Test func `an HTTP date goes both ways`() {
    let text = "Sun, 06 Nov 1994 08:49:37 GMT"
    let instant = Timestamp(httpDate: [UInt8](text)[...])
    #expect(instant?.seconds == 784_111_777)
    #expect(instant?.httpDate == text)
    #expect(Timestamp(seconds: 0).httpDate == "Thu, 01 Jan 1970 00:00:00 GMT")
    #expect(Timestamp(httpDate: [UInt8]("Sunday, 06-Nov-94 08:49:37 GMT")[...]) == nil)
  }
}
