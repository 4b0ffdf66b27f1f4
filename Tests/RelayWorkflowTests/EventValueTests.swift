import RelayDocuments
import RelayExpressions
import RelayModel
import RelayWorkflow
import Testing

@Suite struct EventValueTests {
  private func json(_ source: String, _ request: IncomingRequest = sampleRequest()) throws -> String {
    try Expression(parsing: source).evaluate(in: try sampleScope(request)).asJSON.text
  }

  @Test(arguments: [
    ("event.id", #""evt_1""#), ("event.type", #""issues""#), ("event.hook", #""github""#),
    ("event.method", #""POST""#),
    ("event.received_at", #""2026-09-21T14:13:20.123Z""#), ("event.path", #""/hooks/github""#),
    ("event.query", #"{"a":["1","2"],"b":"x y"}"#), ("event.headers['x-twice']", #""1, 2""#),
    ("event.headers['x-github-event']", #""issues""#), ("event.body.n", "1.10"), ("has(event.body)", "true"),
    ("execution.id + execution.workflow + execution.version", #""exe_1wabc""#),
    ("steps.first.tags[1]", #""b""#),
    ("execution.started_at", #""1970-01-01T00:00:01Z""#), ("size(event.raw) > 10", "true"),
    ("'type' in event && !('nope' in event)", "true"), ("event['hook']", #""github""#), ("size(event)", "10"),
  ])
  func `an expression sees the event`(source: String, expected: String) throws {
    #expect(try json(source) == expected)
  }

  @Test(arguments: [
    ("application/json; charset=utf-8", #"{"a":1}"#, #"{"a":1}"#), ("application/vnd.x+json", "[1]", "[1]"),
    ("APPLICATION/JSON", #"{"a":1,"a":2}"#, #"{"a":2}"#), ("application/json", "{,}", "null"),
    ("application/json", "", "null"),
    (
      "application/x-www-form-urlencoded", "a=1&b=x+y%21&a=2&c&=d&e=%zz",
      #"{"a":["1","2"],"b":"x y!","c":"","":"d","e":"%zz"}"#
    ),
    ("text/plain", "hé", #""hé""#), ("text/xml; charset=UTF-8", "<a/>", #""<a/>""#),
    ("image/png", "x", "null"),
    ("multipart/form-data; boundary=x", "x", "null"), ("", "x", "null"),
  ])
  func `a body means what its type says`(type: String, body: String, expected: String) throws {
    #expect(try json("event.body", sampleRequest(body: body, type: type)) == expected)
  }

  @Test func `a body without a type is null, and bytes that are no UTF-8 are no text`() throws {
    #expect(try json("event.body", sampleRequest(type: nil)) == "null")
    var request = sampleRequest(type: "text/plain")
    request.body = [0xE9]
    #expect(try json("event.body", request) == "null")
    request.headers = HeaderFields([("Content-Type", "text/plain; charset=\"ISO-8859-1\"")])
    #expect(try json("event.body", request) == #""é""#)
  }

  @Test(arguments: [
    ("application/json", #"{"a":1}"#, #"{"a":1}"#), ("application/json", "<html>", #""<html>""#),
    ("", "", "null"),
    ("application/octet-stream", "text", #""text""#), ("text/html", "x", #""x""#),
    ("application/json", "", "null"),
  ])
  func `an answer's output has status, headers and body`(type: String, body: String, expected: String) {
    let output = BodyValue.output(
      status: 200, headers: HeaderFields([("Content-Type", type), ("Set-Cookie", "a"), ("set-cookie", "b")]),
      body: Array(body.utf8))
    #expect(output["status"] == 200)
    #expect(output["headers"]?["set-cookie"] == "a, b")
    #expect(output["body"]?.text == expected)
  }

  @Test func `names that are not set are not in scope`() throws {
    let scope = WorkflowScope(event: sampleEvent())
    #expect(scope.variableNames == ["event", "vars"])
    var failed = scope
    failed.failure = Failure(step: "a", code: "timeout", message: "late", status: nil, attempts: 3)
    #expect(
      try Expression(parsing: "failure").evaluate(in: failed).asJSON.text
        == #"{"step":"a","code":"timeout","message":"late","status":null,"attempts":3}"#)
    #expect(
      failed.failure?.stepValue.text == #"{"error":{"code":"timeout","message":"late","status":null}}"#)
  }
}
