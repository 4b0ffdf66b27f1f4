import Glibc
import RelayModel
import RelayThreads
import Testing

@testable import RelayHTTP

/// The ways to a server that are not a plain connection: a Unix socket, a proxy, TLS.
@Suite(.timeLimit(.minutes(1)), .serialized) struct ClientRouteTests {
  @Test func `a Unix socket is spoken to like any server, whatever its URL's host`() throws {
    let seen = SeenRequests()
    let path = "/tmp/petrel-client-test-\(getpid()).sock"
    let server = RawServer(unixSocket: path) { peer, _ in
      while let request = peer.request() {
        seen.add(request)
        peer.answer("200 OK", [], "here")
      }
    }
    defer { unsafe unlink(path) }
    let client = try makeClient()
    defer { client.stop() }
    var request = OutgoingRequest(method: "GET", url: "http://localhost/api/stats", unixSocket: path)
    #expect(try client.perform(request).get().body == Array("here".utf8))
    let answer = try client.perform(request).get()
    #expect(answer.address == nil && answer.onKeptConnection)
    #expect(seen.all.first?.line == "GET /api/stats HTTP/1.1")
    #expect(seen.all.first?.field("host") == "localhost")
    request.unixSocket = "/tmp/petrel-no-such.sock"
    #expect(client.code(request) == "connect_failed")
    // The handle that spoke to the socket speaks to the network again.
    let network = RawServer { peer, _ in peer.answerAll("204 No Content") }
    #expect(try client.perform(get(network.url())).get().status == 204)
    _ = server
  }

  @Test func `the environment names no proxy, no exception and no credential`() throws {
    let trap = RawServer { peer, _ in peer.answerAll("418 Teapot") }
    let server = RawServer { peer, _ in peer.answerAll() }
    let variables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    for variable in variables { unsafe setenv(variable, trap.url(), 1) }
    defer { for variable in variables { unsafe unsetenv(variable) } }
    let client = try makeClient()
    defer { client.stop() }
    #expect(try client.perform(get(server.url())).get().status == 200)
    #expect(client.code(get("https://127.0.0.1:1/")) == "connect_failed")
    #expect(trap.connections == 0)
  }

  @Test func `a configured proxy gets the whole URL and its own credentials`() throws {
    let seen = SeenRequests()
    let proxy = RawServer { peer, _ in
      while let request = peer.request() {
        seen.add(request)
        peer.answer("200 OK", [], "by proxy")
      }
    }
    unsafe setenv("no_proxy", "*", 1)
    defer { unsafe unsetenv("no_proxy") }
    let client = try makeClient(proxy: "http://user:p%40ss@127.0.0.1:\(proxy.port)")
    defer { client.stop() }
    var request = OutgoingRequest(method: "GET", url: "http://anything.example/x?y=1")
    request.headers = HeaderFields([("Authorization", "Bearer for-the-server")])
    let answer = try client.perform(request).get()
    #expect(String(decoding: answer.body, as: UTF8.self) == "by proxy")
    let arrived = try #require(seen.all.first)
    #expect(arrived.line == "GET http://anything.example/x?y=1 HTTP/1.1")
    #expect(arrived.field("proxy-authorization") == "Basic dXNlcjpwQHNz")
  }

  @Test func `a tunnel carries no header of the request to the proxy`() throws {
    let seen = SeenRequests()
    let proxy = RawServer { peer, _ in
      if let request = peer.request() { seen.add(request) }
      peer.answer("407 Proxy Authentication Required", ["Proxy-Authenticate: Basic realm=x"])
    }
    let client = try makeClient(proxy: "http://127.0.0.1:\(proxy.port)")
    defer { client.stop() }
    var request = OutgoingRequest(method: "GET", url: "https://anything.example/secret")
    request.headers = HeaderFields([("Authorization", "Bearer for-the-server")])
    let error = try client.failure(request)
    #expect(error.code == "proxy_failed")
    #expect(error.isRetryable && !error.mayHaveArrived)
    let arrived = try #require(seen.all.first)
    #expect(arrived.line == "CONNECT anything.example:443 HTTP/1.1")
    #expect(arrived.field("authorization") == nil)
    #expect(!arrived.head.contains("secret"))
  }

  @Test func `with a proxy the inner addresses are refused as without`() throws {
    let proxy = RawServer { peer, _ in peer.answerAll() }
    let client = try makeClient(proxy: "http://127.0.0.1:\(proxy.port)")
    defer { client.stop() }
    for url in [
      "http://10.0.0.1/", "http://0x7f.1/", "http://169.254.169.254/", "http://metadata.google.internal/",
    ] {
      #expect(client.code(OutgoingRequest(method: "GET", url: url)) == "forbidden_address", "\(url)")
    }
    #expect(proxy.connections == 0)
  }

  @Test(arguments: [
    ("http://proxy:3128", nil as String?, nil as String?), ("http://u@proxy/", "u", nil),
    ("http://u:p@proxy", "u", "p"),
    ("http://u:a:b@proxy", "u", "a:b"), ("http://%75:%40%3A@proxy", "u", "@:"), ("https://proxy", nil, nil),
  ])
  func `a proxy is read with its credentials`(text: String, user: String?, password: String?) throws {
    let proxy = try EgressProxy(text)
    #expect(proxy.destination.host == .name("proxy"))
    #expect(proxy.user == user)
    #expect(proxy.password == password)
  }

  @Test(arguments: [
    "proxy:3128", "socks5://proxy", "http://", "http://proxy/path", "http://proxy?x", "http://u:%zz@proxy",
    "http://u:%0@proxy", "http://u:%00@proxy",
  ])
  func `what is no proxy is refused`(text: String) {
    #expect(throws: TransferError.self) { try EgressProxy(text) }
  }
}
