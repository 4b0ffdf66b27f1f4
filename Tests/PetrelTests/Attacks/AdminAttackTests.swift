import Testing

/// A6: the admin interface from outside, with a token asked for.
@Suite(.timeLimit(.minutes(1))) struct AdminAttackTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var method = "GET"
    var target = "/api/executions"
    var host = "127.0.0.1"
    var fields: [(String, String)] = []
    let status: Int
    let code: String
    var hasToken = true
  }

  static let rows: [Row] = [
    Row(testDescription: "no token", status: 401, code: "token_missing", hasToken: false),
    Row(
      testDescription: "a guessed token", fields: [("Authorization", "Bearer guess")], status: 401,
      code: "token_unknown", hasToken: false),
    Row(
      testDescription: "a password", fields: [("Authorization", "Basic YTpi")], status: 401,
      code: "token_missing",
      hasToken: false),
    Row(
      testDescription: "a token in the query", target: "/api/executions?token=TOKEN", status: 401,
      code: "token_missing", hasToken: false),
    Row(
      testDescription: "a name that leads here", host: "127.0.0.1.nip.io", status: 421, code: "unknown_host"),
    Row(testDescription: "a foreign name", host: "evil.example", status: 421, code: "unknown_host"),
    Row(
      testDescription: "a foreign name with our port", host: "evil.example:PORT", status: 421,
      code: "unknown_host"),
    Row(
      testDescription: "a page of another origin", method: "POST", target: "/api/events/replay",
      fields: [("Origin", "https://evil.example")], status: 403, code: "foreign_origin"),
    Row(
      testDescription: "a page without an origin", method: "POST", target: "/api/events/replay",
      fields: [("Origin", "null")], status: 403, code: "foreign_origin"),
    Row(
      testDescription: "a page of this host and another port", method: "POST", target: "/api/events/replay",
      fields: [("Origin", "http://127.0.0.1:1")], status: 403, code: "foreign_origin"),
    Row(
      testDescription: "a cross-site form", method: "POST", target: "/api/events/replay",
      fields: [("Sec-Fetch-Site", "cross-site"), ("Content-Type", "text/plain")], status: 403,
      code: "foreign_origin"),
    Row(
      testDescription: "a page of a sibling domain", method: "DELETE", target: "/api/secrets/canary",
      fields: [("Sec-Fetch-Site", "same-site")], status: 403, code: "foreign_origin"),
    Row(
      testDescription: "a path to a parent", target: "/api/../etc/passwd", status: 404, code: "not_found"),
    Row(testDescription: "a hook's path", target: "/hooks/github", status: 404, code: "not_found"),
  ]

  @Test(arguments: rows)
  func `the admin interface refuses what is not its operator's`(row: Row) throws {
    let relay = try AttackedRelay.shared.get()
    let port = relay.installation.adminPort
    let target = row.target.replacing("TOKEN", with: relay.token)
    var text = "\(row.method) \(target) HTTP/1.1\r\nHost: \(row.host.replacing("PORT", with: "\(port)"))\r\n"
    text += "Content-Length: 0\r\n"
    for (name, value) in row.fields { text += "\(name): \(value)\r\n" }
    if row.hasToken { text += "Authorization: Bearer \(relay.token)\r\n" }
    let socket = try Socket(port: port)
    try socket.send(Array((text + "\r\n").utf8))
    let message = try socket.receiveMessage()
    #expect(message.status == row.status, "\(message.text)")
    try AttackedRelay.expectProblem(message, row.code)
    #expect(message.fields["access-control-allow-origin"] == nil)
  }

  @Test func `no page of another origin is told that it may ask`() throws {
    let relay = try AttackedRelay.shared.get()
    let message = try Socket(port: relay.installation.adminPort).exchange(
      "OPTIONS", "/api/executions",
      fields: [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")])
    #expect(message.status >= 400)
    #expect(!message.fields.keys.contains { $0.hasPrefix("access-control") })
  }

  @Test func `the vault's values are not shown to an administrator either`() throws {
    let relay = try AttackedRelay.shared.get()
    for target in [
      "/api/secrets", "/api/secrets/canary", "/api/status", "/api/workflows", "/api/hooks", "/metrics",
    ] {
      let shown = try relay.admin(target).text
      #expect(!shown.contains(AttackedRelay.canary), "\(target)")
    }
  }
}
