import RelayDocuments
import RelayModel
import Testing

@testable import RelayAdmin
@testable import RelayHTTP

@Suite struct AccessTests {
  @Test(arguments: [
    "localhost", "localhost:8081", "LOCALHOST", "127.0.0.1", "127.0.0.1:9", "[::1]:8081", "127.8.8.8",
    "relay.example", "relay.example:443",
  ])
  func `a known host is answered`(host: String) throws {
    let relay = try TestRelay()
    let token = try relay.token(.viewer)
    let response = relay.ask(
      "GET", "/api/status", headers: [("Host", host), ("Authorization", "Bearer \(token)")],
      access: TestRelay.tokens)
    #expect(response.status == 200)
  }

  @Test(arguments: [
    "evil.example", "evil.example:8081", "127.0.0.1.nip.io", "192.0.2.1", "", "localhost.evil",
  ])
  func `an unknown host is misdirected`(host: String) throws {
    let response = try TestRelay().ask("GET", "/api/status", headers: [("Host", host)])
    #expect(response.status == 421)
    #expect(try response.code == "unknown_host")
  }

  @Test func `who listens everywhere is called by any address, and by no foreign name`() {
    let hosts = HostList(listen: ["0.0.0.0"])
    #expect(hosts.contains("192.0.2.1:8081"))
    #expect(hosts.contains("[2001:db8::1]:8081"))
    #expect(!hosts.contains("evil.example"))
  }

  @Test(arguments: [
    [("Origin", "https://evil.example")], [("Origin", "null")], [("Sec-Fetch-Site", "cross-site")],
    [("Sec-Fetch-Site", "same-site")], [("Origin", "http://127.0.0.1:9999")],
  ])
  func `a page of another origin changes nothing`(headers: [(String, String)]) throws {
    let relay = try TestRelay()
    let response = relay.ask("POST", "/api/reload", headers: headers)
    #expect(response.status == 403)
    #expect(try response.code == "foreign_origin")
    #expect(relay.control.asked.isEmpty)
  }

  @Test(arguments: [
    [("Origin", "http://127.0.0.1:8081")], [("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")],
    [],
  ])
  func `our own pages and programs do`(headers: [(String, String)]) throws {
    #expect(try TestRelay().ask("POST", "/api/reload", headers: headers).status == 200)
  }

  @Test func `a page of another origin may look`() throws {
    let response = try TestRelay().ask("GET", "/api/status", headers: [("Origin", "https://evil.example")])
    #expect(response.status == 200)
    #expect(response.field("Access-Control-Allow-Origin") == nil)
  }

  @Test(arguments: [(1000, 200), (0, 200), (1001, 403)] as [(UInt32, Int)])
  func `the socket is for the relay's user and root`(peer: UInt32, status: Int) throws {
    let response = try TestRelay().ask(
      "GET", "/api/status", headers: [("Host", "")], access: TestRelay.socket, client: "unix", peer: peer)
    #expect(response.status == status)
  }

  @Test func `a body that is no JSON is refused before it is read`() throws {
    let relay = try TestRelay()
    for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
      let response = relay.ask("POST", "/api/events/replay", [:], headers: [("Content-Type", type)])
      #expect(response.status == 415)
    }
  }

  @Test func `a body where none is taken is too large`() throws {
    #expect(try TestRelay().ask("POST", "/api/reload", ["a": 1]).status == 413)
  }

  @Test func `no answer is kept by a cache`() throws {
    let relay = try TestRelay()
    for target in ["/api/status", "/api/nothing", "/metrics", "/healthz", "/readyz"] {
      #expect(relay.ask("GET", target).field("Cache-Control") == "no-store")
    }
  }
}
