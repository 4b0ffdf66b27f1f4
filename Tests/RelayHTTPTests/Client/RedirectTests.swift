import RelayModel
import Testing

@testable import RelayHTTP

/// What a redirect asks for, as rules.
@Suite struct RedirectTests {
  private func hop(_ method: String = "POST", _ url: String = "https://a.example/x/y?q=1") throws -> Hop {
    Hop(
      method: method, url: try HTTPURL(url),
      headers: HeaderFields([
        ("Authorization", "Bearer s"), ("X-Api-Key", "s"), ("Cookie", "s"), ("Content-Type", "text/plain"),
        ("Accept", "*/*"), ("Idempotency-Key", "k"),
      ]), body: [1, 2], hostIsLiteral: true)
  }

  @Test(arguments: [200, 201, 300, 304, 305, 306, 400])
  func `another status is no redirect`(status: Int) throws {
    #expect(try Redirect.next(after: status, location: "/z", from: try hop()) == nil)
  }

  @Test func `without a location there is nowhere to go`() throws {
    #expect(try Redirect.next(after: 302, location: nil, from: try hop()) == nil)
  }

  @Test(arguments: [
    (301, "POST", "GET"), (302, "POST", "GET"), (303, "POST", "GET"), (307, "POST", "POST"),
    (308, "POST", "POST"),
    (301, "PUT", "PUT"), (302, "DELETE", "DELETE"), (303, "PUT", "GET"), (303, "HEAD", "HEAD"),
    (302, "HEAD", "HEAD"),
    (301, "GET", "GET"),
  ])
  func `the method changes as RFC 9110 says, and the body with it`(status: Int, from: String, to: String)
    throws
  {
    let next = try #require(try Redirect.next(after: status, location: "/z", from: try hop(from)))
    #expect(next.method == to)
    #expect(next.body.isEmpty == (to != from))
    #expect((next.headers.occurrences("Content-Type") > 0) == (to == from))
    #expect(next.headers.occurrences("Authorization") == 1)
    #expect(next.hostIsLiteral)
  }

  @Test(arguments: [
    "https://b.example/", "https://a.example:444/", "//b.example/", "https://sub.a.example/",
    "https://10.0.0.1/",
  ])
  func `another origin gets no credential and no trust`(location: String) throws {
    let next = try #require(try Redirect.next(after: 307, location: location, from: try hop()))
    #expect(next.headers.all.map { $0.name } == ["Content-Type", "Accept", "Idempotency-Key"])
    #expect(!next.hostIsLiteral)
  }

  @Test func `http may become https of the same host, https never http`() throws {
    let up = try #require(
      try Redirect.next(after: 308, location: "https://a.example/", from: try hop("GET", "http://a.example/"))
    )
    #expect(up.hostIsLiteral && up.headers.count == 6)
    let other = try #require(
      try Redirect.next(
        after: 308, location: "https://a.example/", from: try hop("GET", "http://a.example:81/")))
    #expect(!other.hostIsLiteral)
    #expect(throws: TransferError.badRedirect("it leaves https for http")) {
      try Redirect.next(after: 308, location: "http://a.example/", from: try hop())
    }
  }

  @Test(arguments: [
    "file:///etc/passwd", "gopher://x/", "javascript:alert(1)", "https://u:p@b.example/", "https:///x",
    "/a b",
  ])
  func `a location that cannot be called is refused`(location: String) throws {
    #expect {
      try Redirect.next(after: 302, location: location, from: try hop())
    } throws: { error in
      (error as? TransferError)?.code == "bad_redirect"
    }
  }

  @Test(
    arguments: [
      ("/z", "https://a.example/z"), ("z", "https://a.example/x/z"), ("../z", "https://a.example/z"),
      ("./", "https://a.example/x/"), ("..", "https://a.example/"), ("../../../z", "https://a.example/z"),
      ("?r=2", "https://a.example/x/y?r=2"), ("#f", "https://a.example/x/y?q=1"),
      ("", "https://a.example/x/y?q=1"),
      ("/z?a=/../b", "https://a.example/z?a=/../b"), ("z#f?g", "https://a.example/x/z"),
      ("//b.example/z", "https://b.example/z"), ("HTTPS://B.example", "https://b.example/"),
      ("./a:b", "https://a.example/x/a:b"), ("/ä", "https://a.example/%C3%A4"),
      ("/a/./b/", "https://a.example/a/b/"),
    ])
  func `a reference is resolved against the URL that gave it`(reference: String, expected: String) throws {
    #expect(try HTTPURL("https://a.example/x/y?q=1").resolving(reference).text == expected)
  }
}

/// Redirects on the wire.
@Suite(.timeLimit(.minutes(1))) struct ClientRedirectTests {
  @Test func `without follow a 3xx is the answer`() throws {
    let server = RawServer { peer, _ in peer.answerAll("302 Found", ["Location: http://127.0.0.1:1/"]) }
    let client = try makeClient()
    defer { client.stop() }
    let answer = try client.perform(post(server.url())).get()
    #expect(answer.status == 302)
    #expect(answer.headers.first("Location") == "http://127.0.0.1:1/")
  }

  @Test func `with follow the answer is the last one's`() throws {
    let seen = SeenRequests()
    let server = RawServer { peer, _ in
      while let request = peer.request() {
        seen.add(request)
        if request.line.contains("/last") {
          peer.answer("200 OK", [], "end")
        } else {
          peer.answer("307 Temporary Redirect", ["Location: last?n=1"], "moved")
        }
      }
    }
    let client = try makeClient()
    defer { client.stop() }
    var request = post(server.url("/first"), "body")
    request.follow = 1
    let answer = try client.perform(request).get()
    #expect(String(decoding: answer.body, as: UTF8.self) == "end")
    #expect(answer.url == server.url("/last?n=1"))
    #expect(seen.all.map { $0.line } == ["POST /first HTTP/1.1", "POST /last?n=1 HTTP/1.1"])
    #expect(seen.all.allSatisfy { $0.body == Array("body".utf8) })
  }

  @Test func `a loop ends at the bound`() throws {
    let server = RawServer { peer, _ in peer.answerAll("302 Found", ["Location: /again"]) }
    let client = try makeClient()
    defer { client.stop() }
    var request = get(server.url())
    request.follow = 3
    let error = try client.failure(request)
    #expect(error == .tooManyRedirects(limit: 3))
    #expect(!error.isRetryable && error.mayHaveArrived)
  }

  @Test(arguments: [
    "http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://0x7f000001/",
    "http://localhost/", "http://imds.example/", "file:///etc/passwd",
  ])
  func `a redirect to the inside is refused, although the first host was written out`(location: String) throws
  {
    let server = RawServer { peer, _ in peer.answerAll("302 Found", ["Location: \(location)"]) }
    let client = try makeClient(names: FixedNames(ClientGuardTests.names))
    defer { client.stop() }
    var request = get(server.url())
    request.follow = 5
    let error = try client.failure(request)
    #expect(["forbidden_address", "bad_redirect"].contains(error.code), "\(error)")
    #expect(!error.isRetryable)
  }

  @Test func `all hops share one timeout`() throws {
    let server = RawServer { peer, _ in
      _ = peer.request()
      peer.answer("302 Found", ["Location: /next"])
      peer.waitForEnd()
    }
    let client = try makeClient()
    defer { client.stop() }
    var request = get(server.url(), timeout: .milliseconds(300))
    request.follow = 5
    let error = try client.failure(request)
    #expect(error.code == "timeout")
    #expect(error.message.contains("300ms"))
  }
}
