import Glibc
import RelayDocuments
import Testing

/// S1 to S7, A7: an event's sender wants the relay to call, or to say, what its operator never meant.
@Suite(.timeLimit(.minutes(2))) struct OutgoingAttackTests {
  /// PORT is where an inner server listens.
  static let spellings = [
    "http://127.0.0.1:PORT", "http://127.1:PORT", "http://0:PORT", "http://0x7f000001:PORT",
    "http://0x7f.1:PORT",
    "http://2130706433:PORT", "http://017700000001:PORT", "http://[::]:PORT", "http://[::1]:PORT",
    "http://[::ffff:127.0.0.1]:PORT", "http://[0:0:0:0:0:ffff:7f00:1]:PORT", "http://[64:ff9b::7f00:1]:PORT",
    "http://[2002:7f00:1::1]:PORT", "http://[fe80::1%25lo]:PORT", "http://localhost:PORT",
    "http://localhost.:PORT",
    "http://LOCALHOST:PORT", "http://a@127.0.0.1:PORT", "http://ok.example@127.0.0.1:PORT",
    "http://127.0.0.1:PORT#@ok.example", "http://127.0.0.1:PORT\\@ok.example", "http://[127.0.0.1]:PORT",
    "http://[example.com]:PORT", "http://１２７.0.0.1:PORT", "http://127%2e0.0.1:PORT",
    "http://169.254.169.254/",
    "http://169.254.43518/", "http://2852039166/", "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
    "http://100.100.100.200/",
    "http://metadata.google.internal/", "http://168.63.129.16/", "http://10.0.0.1/", "http://100.64.0.1/",
    "file:///etc/passwd", "gopher://127.0.0.1:PORT", "dict://127.0.0.1:PORT", "//127.0.0.1:PORT",
    "127.0.0.1:PORT",
    "http://127.0.0.1:PORT/\r\nX-Evil: 1", "", "null",
  ]

  @Test(arguments: spellings)
  func `an event's URL to an inner address is refused, however it is spelt`(spelling: String) throws {
    let relay = try AttackedRelay.shared.get()
    let inner = try Sink()
    defer { inner.close() }
    let url = JSON.string(spelling.replacing("PORT", with: "\(inner.port)"))
    let shown = try relay.outcome(of: #"{"kind":"fetch","text":"","url":\#(url.text)}"#)
    #expect(shown["status"] == "failed", "\(shown.text)")
    let code = shown["failure"]?["code"]?.string ?? ""
    #expect(["forbidden_address", "bad_url", "expression"].contains(code), "\(shown.text)")
    #expect(inner.deliveries.isEmpty)
  }

  @Test func `a name of this machine is judged by where it leads`() throws {
    let relay = try AttackedRelay.shared.get()
    var name = [CChar](repeating: 0, count: 256)
    try #require(unsafe gethostname(&name, name.count) == 0)
    let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let inner = try Sink()
    defer { inner.close() }
    let shown = try relay.outcome(of: #"{"kind":"fetch","text":"","url":"http://\#(host):\#(inner.port)/"}"#)
    #expect(shown["status"] == "failed")
    #expect(inner.deliveries.isEmpty)
  }

  @Test func `a redirect to an inner address is refused although its first host was written out`() throws {
    let inner = try Sink()
    let outer = try Sink { _, _ in
      .raw(
        Array(
          "HTTP/1.1 302 Found\r\nLocation: http://localhost:\(inner.port)/\r\nContent-Length: 0\r\n\r\n".utf8)
      )
    }
    defer {
      inner.close()
      outer.close()
    }
    for follow in [true, false] {
      let installation = try Installation(
        workflow: """
          { "name": "test", "on": { "hook": "github" }, "retry": { "attempts": 1 },
            "steps": [ { "id": "call", "http": { "url": "http://127.0.0.1:\(outer.port)/", "follow": \(follow) } } ] }
          """)
      let process = try installation.start()
      defer { process.destroy() }
      let execution = try JSON.parse(installation.deliver("{}", id: "1").body)["executions"]?.array?.first?
        .string
      let shown = "/api/executions/\(try #require(execution))"
      #expect(try Installation.until { try installation.admin(shown)["status"] == "failed" })
      let ended = try installation.admin(shown)
      let code = ended["failure"]?["code"]?.string
      #expect(code == (follow ? "forbidden_address" : "http_status"), "\(ended.text)")
    }
    #expect(inner.deliveries.isEmpty)
    #expect(outer.deliveries.count == 2)
  }

  @Test func `text of an event stays inside its place in a request`() throws {
    let relay = try AttackedRelay.shared.get()
    let before = relay.sink.deliveries.count
    let shown = try relay.outcome(
      of: #"{"kind":"place","text":"","path":"../admin?x=1#y /\r\nz","query":"a&b=c","header":"plain"}"#)
    #expect(shown["status"] == "succeeded", "\(shown.text)")
    let sent = try #require(relay.sink.deliveries.dropFirst(before).first { $0.path.hasPrefix("/path/") })
    #expect(sent.path == "/path/..%2Fadmin%3Fx%3D1%23y%20%2F%0D%0Az?q=a%26b%3Dc")
    #expect(sent.fields["x-text"] == "plain")
  }

  @Test(arguments: [#"a\r\nX-Evil: 1"#, #"a\nb"#, #"a\u0000b"#, #"a\rb"#])
  func `text of an event cannot begin a header field of its own`(text: String) throws {
    let relay = try AttackedRelay.shared.get()
    let shown = try relay.outcome(
      of: #"{"kind":"place","text":"","path":"p","query":"q","header":"\#(text)"}"#)
    #expect(shown["status"] == "failed")
    #expect(shown["failure"]?["code"] == "bad_header", "\(shown.text)")
    #expect(!relay.sink.deliveries.contains { $0.fields["x-evil"] != nil })
  }

  @Test(arguments: [
    "{{ vars }}", "{{ execution.id }}", "${7*7}", "{{constructor.constructor('return process')()}}",
    "{{ 'a' + 'b' }}",
  ])
  func `an expression that an event brings is text`(text: String) throws {
    let relay = try AttackedRelay.shared.get()
    let body = JSON.object(JSONObject([(name: "text", value: .string(text))]))
    #expect(try relay.outcome(of: body.text)["status"] == "succeeded")
    #expect(relay.sink.deliveries.contains { $0.path == "/echo" && $0.body == body.text })
  }

  @Test func `variables of the environment send no request elsewhere`() throws {
    let sink = try Sink()
    let proxy = try Sink()
    defer {
      sink.close()
      proxy.close()
    }
    let installation = try Installation(workflow: Installation.workflow(to: sink))
    let address = "http://127.0.0.1:\(proxy.port)"
    let process = try installation.start(environment: [
      "http_proxy": address, "HTTP_PROXY": address, "ALL_PROXY": address, "HOME": installation.folder.path,
    ])
    defer { process.destroy() }
    try installation.folder.write(".netrc", "default login a password b\n")
    _ = try installation.deliver(#"{"number":1}"#, id: "1")
    #expect(Installation.until { !sink.deliveries.isEmpty })
    #expect(proxy.deliveries.isEmpty)
    #expect(sink.deliveries.first?.fields["authorization"] == nil)
  }

  @Test func `an endless answer, and one that unpacks to more, cost the relay no memory`() throws {
    let flood =
      Array("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n".utf8)
      + [UInt8](repeating: 120, count: 100_000_000)
    let sink = try Sink { _, _ in .raw(flood) }
    defer { sink.close() }
    let installation = try Installation(
      workflow: Installation.workflow(to: sink).replacing(
        #""steps""#, with: #""retry": { "attempts": 1 }, "steps""#))
    let process = try installation.start()
    defer { process.destroy() }
    let before = try Footprint(process)
    let execution = try JSON.parse(installation.deliver(#"{"number":1}"#, id: "1").body)["executions"]?.array?
      .first?.string
    let shown = "/api/executions/\(try #require(execution))"
    #expect(try Installation.until { try installation.admin(shown)["status"] == "failed" })
    #expect(try Footprint(process).memoryKiB < before.memoryKiB + 32_768)
  }
}
