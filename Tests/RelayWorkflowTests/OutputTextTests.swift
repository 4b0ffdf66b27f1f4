import RelayDocuments
import RelayModel
import RelayWorkflow
import Testing

@Suite struct OutputTextTests {
  static let answers: [(status: Int, headers: [(String, String)], body: String)] = [
    (204, [], ""),
    (200, [("Content-Type", "application/json")], #"{"b":1.10, "a":[1,2,{"c":null}], "b":2}"#),
    (200, [("Content-Type", " Application/Problem+JSON ; charset=utf-8"), ("X-A", "b")], " [1] "),
    (200, [("Content-Type", "application/json")], "{broken"),
    (
      201, [("X-A", "1"), ("Content-Type", "text/plain; charset=\"latin1\""), ("x-a", "2"), ("X-a", "")],
      "hä \"q\" \n"
    ),
    (500, [("X-Quote", "a \"b\" \\ c"), ("X-Ütf", "grün"), ("X-Tab", "a\tb")], "plain"),
    (200, [("Content-Type", "application/x-www-form-urlencoded")], "a=1&b=2&a=%20"),
  ]

  @Test(arguments: answers.indices)
  func `the text is that of the value`(index: Int) {
    let (status, fields, body) = Self.answers[index]
    let headers = HeaderFields(fields)
    let text = BodyValue.outputText(status: status, headers: headers, body: Array(body.utf8))
    let value = BodyValue.output(status: status, headers: headers, body: Array(body.utf8))
    #expect(String(decoding: text, as: UTF8.self) == value.text)
  }

  @Test func `bytes that are no text become null, in a header they are mended`() {
    var headers = HeaderFields()
    headers.append(name: Array("X-B".utf8), value: [0x61, 0xFF])
    let text = BodyValue.outputText(status: 200, headers: headers, body: [0xFF, 0xFE])
    #expect(
      String(decoding: text, as: UTF8.self)
        == "{\"status\":200,\"headers\":{\"x-b\":\"a\u{FFFD}\"},\"body\":null}")
  }
}
