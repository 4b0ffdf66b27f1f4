import RelayDocuments
import RelayExpressions
import RelayModel
import RelayWorkflow
import Testing

@Suite struct RenderTests {
  private func render(_ step: String) throws -> RenderedRequest {
    try httpStep(step).render(in: try sampleScope())
  }

  private func refusal(_ step: String) throws -> StepError? {
    let step = try httpStep(step)
    let scope = try sampleScope()
    return #expect(throws: StepError.self) { try step.render(in: scope) }
  }

  @Test(arguments: [
    ("https://x.example/a", "https://x.example/a", true),
    ("https://x.example/i/{{ event.body.id }}/z", "https://x.example/i/a%2Fb%3Fc/z", true),
    ("https://x.example/?q={{ steps.first.title }}", "https://x.example/?q=T%20%26%20U", true),
    ("https://x.example/?q={{ steps.first.none }}", "https://x.example/?q=", true),
    ("https://x.example/a#{{ event.body.id }}", "https://x.example/a", true),
    ("{{ event.body.cb }}", "https://evil.example/x", false),
    ("https://{{ event.body.action }}.x.example/", "https://opened.x.example/", false),
    ("https://x.example:{{ 8443 }}/", "https://x.example:8443/", false),
    ("{{ vars.base }}/{{ event.body.id }}", "http://10.0.0.1:9000/api/a%2Fb%3Fc", true),
    ("http://{{ vars.host }}/", "http://internal/", true),
    ("http://{{ vars.host + event.hook }}/", "http://internalgithub/", false),
  ])
  func `a URL is rendered with what an expression gave kept in its place`(
    url: String, expected: String, literal: Bool
  )
    throws
  {
    let request = try render(#"{"url":"\#(url)"}"#)
    #expect(request.url == expected)
    #expect(request.hostIsLiteral == literal)
    #expect(request.method == "GET")
  }

  @Test(arguments: [
    (
      "https://{{ event.body.cb }}/",
      "url: an expression gave the host more than a name and a port; write the / before it"
    ),
    (
      "https://x.example{{ event.path }}",
      "url: an expression gave the host more than a name and a port; write the / before it"
    ),
    ("https://x.example/{{ '..' }}/a", "url: an expression made a path with \".\" or \"..\" in it"),
    ("https://x.example/.{{ '.' }}/a", "url: an expression made a path with \".\" or \"..\" in it"),
    ("https://x.example/{{ steps.first.none }}", "url: an expression gave null"),
    ("https://x.example/{{ steps.first.tags }}", "url: an expression gave a list"),
    ("{{ 'https://x.example/' + event.body.crlf }}", "url: holds a CR"),
    ("{{ 'https://x.example/a b' }}", "url: holds a blank"),
    ("https{{ 's' }}://x.example/", "url: an expression stands within the scheme"),
  ])
  func `a URL that an expression would bend is refused`(url: String, expected: String) throws {
    let error = try refusal(#"{"url":"\#(url)"}"#)
    #expect(error?.code == .badURL)
    #expect(error?.message == expected)
  }

  @Test func `query members are added encoded, a list repeats and null is left out`() throws {
    let query = #"{"t":"{{ steps.first.tags }}","n":"{{ steps.first.none }}","q&":"x=y","i":5,"b":true}"#
    #expect(
      try render(#"{"url":"https://x.example/p?a=1","query":\#(query)}"#).url
        == "https://x.example/p?a=1&t=a&t=b&q%26=x%3Dy&i=5&b=true")
    #expect(try render(#"{"url":"https://x.example/p","query":{"a":"1"}}"#).url == "https://x.example/p?a=1")
    #expect(try refusal(#"{"url":"https://x.example/p","query":{"a":{"b":1}}}"#)?.code == .badValue)
  }

  @Test(arguments: [
    (
      #""json":{"a":"{{ event.body.n }}","r":"{{ event.raw }}"}"#, "application/json",
      #"{"a":1.10,"r":"eHk="}"#
    ),
    (#""json":null"#, "application/json", "null"),
    (
      #""form":{"a":"{{ steps.first.title }}","t":["x","y"]}"#, "application/x-www-form-urlencoded",
      "a=T%20%26%20U&t=x&t=y"
    ),
    (#""text":"n={{ event.body.n }}""#, "text/plain; charset=utf-8", "n=1.10"),
    (#""body":"{{ event.raw }}""#, "application/octet-stream", "xy"),
    (#""body":"raw {{ event.raw }}""#, "text/plain; charset=utf-8", "raw eHk="),
    (#""body":"{{ steps.first.tags }}""#, "application/json", #"["a","b"]"#),
    (#""json":{},"headers":{"content-type":"application/vnd.x+json"}"#, "application/vnd.x+json", "{}"),
  ])
  func `a body has its bytes and its type`(body: String, type: String, expected: String) throws {
    var scope = try sampleScope(sampleRequest(body: "xy", type: "text/plain"))
    if body.contains("event.body") { scope.event = sampleEvent(sampleRequest()) }
    if body.contains("event.body"), body.contains("event.raw") {
      scope.event = sampleEvent(sampleRequest(body: #"{"n":1.10}"#))
    }
    let request = try httpStep(#"{"url":"https://x.example/",\#(body)}"#).render(in: scope)
    let text = String(decoding: request.body, as: UTF8.self)
    #expect(text.replacing("eyJuIjoxLjEwfQ==", with: "eHk=") == expected)
    #expect(request.headers.values("Content-Type") == [type])
    #expect(request.method == "POST")
  }

  @Test func `a multipart body has its parts, and the same bytes every time`() throws {
    let step = #"""
      {"url":"https://x.example/","multipart":{"a":"{{ event.body.n }}",
       "f\"":{"content":"{{ event.raw }}","filename":"x{{ event.body.crlf }}.json","type":"application/json"}}}
      """#
    let request = try render(step)
    let type = try #require(request.headers.first("Content-Type"))
    let boundary = try #require(type.split(separator: "=").last)
    let raw = String(decoding: sampleRequest().body, as: UTF8.self)
    #expect(type.hasPrefix("multipart/form-data; boundary=petrel-"))
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == "--\(boundary)\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1.10\r\n--\(boundary)\r\n"
        + "Content-Disposition: form-data; name=\"f%22\"; filename=\"xa%0D%0Ab.json\"\r\n"
        + "Content-Type: application/json\r\n\r\n\(raw)\r\n--\(boundary)--\r\n")
    #expect(try render(step) == request)
  }

  @Test func `headers are rendered and one that is null is left out`() throws {
    let headers = #"{"X-A":"{{ event.body.n }}","X-B":"{{ steps.first.none }}","X-C":"v {{ event.id }}"}"#
    let request = try render(#"{"url":"https://x.example/","headers":\#(headers)}"#)
    #expect(request.headers.all.map { "\($0.name): \($0.value)" } == ["X-A: 1.10", "X-C: v evt_1"])
  }

  @Test(arguments: [#"{{ event.body.crlf }}"#, #"a{{ '\\n' }}"#, #"{{ '\\x00' }}"#, #"{{ '\\x7f' }}"#])
  func `a line break in a header is refused`(value: String) throws {
    #expect(try refusal(#"{"url":"https://x.example/","headers":{"X-A":"\#(value)"}}"#)?.code == .badHeader)
  }

  @Test func `an expression without a value fails the step and says where`() throws {
    let error = try refusal(#"{"url":"https://x.example/","json":{"a":"{{ event.body.n + 'a' }}"}}"#)
    #expect(error?.code == .expression)
    #expect(
      error?.message == #""+" does not take double and string (column 17 of "{{ event.body.n + 'a' }}")"#)
  }

  @Test func `a member whose whole value is missing is left out, and missing text is empty`() throws {
    let json = #"{"a":"{{ event.body.nope }}","b":"{{ event.body.nope.x }}!","c":["{{ event.body.nope }}"]}"#
    let request = try render(#"{"url":"https://x.example/","json":\#(json)}"#)
    #expect(String(decoding: request.body, as: UTF8.self) == #"{"b":"!","c":[null]}"#)
  }

  @Test func `a method may come from an expression and is checked`() throws {
    #expect(try render(#"{"url":"https://x.example/","method":"{{ event.method }}"}"#).method == "POST")
    #expect(try refusal(#"{"url":"https://x.example/","method":"{{ event.hook }}"}"#)?.code == .badValue)
  }

  @Test func `a rendered request is taken back from its record`() throws {
    let request = try render(#"{"url":"https://x.example/é","json":{"a":1},"headers":{"X-A":"b"}}"#)
    #expect(RenderedRequest(serialized: request.serialized()) == request)
    let record = request.serialized()
    #expect(RenderedRequest(serialized: Array(record.dropLast())) == nil)
    #expect(RenderedRequest(serialized: [2] + record.dropFirst()) == nil)
    #expect(RenderedRequest(serialized: []) == nil)
  }

  @Test func `an answer is a success by its status or by expect`() throws {
    let scope = try sampleScope()
    let plain = try httpStep(#"{"url":"https://x.example/"}"#)
    #expect(try plain.accepts(status: 204, output: JSON.null, in: scope))
    #expect(try !plain.accepts(status: 302, output: JSON.null, in: scope))
    let picky = try httpStep(
      #"{"url":"https://x.example/","expect":"response.status == 404 || response.body.ok"}"#)
    let output = BodyValue.output(
      status: 200, headers: HeaderFields([("Content-Type", "application/json")]),
      body: Array(#"{"ok":false}"#.utf8))
    #expect(try !picky.accepts(status: 200, output: output, in: scope))
    #expect(try picky.accepts(status: 404, output: ["status": 404], in: scope))
    #expect(throws: StepError.self) { try picky.accepts(status: 200, output: ["status": 200], in: scope) }
  }
}
