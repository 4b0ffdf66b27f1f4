import RelayDocuments
import RelaySignatures
import Testing

@Suite struct VectorLineTests {
  private let good: JSON = [
    "provider": "gitlab", "secret": "otter", "method": "POST", "url": "https://h.example/",
    "body_base64": "e30=",
    "headers": [["X-Gitlab-Token", "otter"]], "time": 1_795_600_000,
  ]

  @Test func `a good line is judged`() {
    #expect(good.judged == ["accepted": true])
    #expect(VectorLine.answer(good.serialized() + [13]) == ["accepted": true])
  }

  @Test(
    arguments: [
      ("provider", nil), ("provider", "gitlob"), ("provider", 5), ("secret", ""), ("secret", nil),
      ("secret", [:]),
      ("method", nil), ("url", 5), ("headers", nil), ("headers", "X"), ("headers", [["X"]]),
      ("headers", [["X", 1]]),
      ("body_base64", nil), ("body_base64", "e30"), ("body_base64", "?"), ("time", nil), ("time", "now"),
      ("time", .number(JSONNumber(text: "1.5"))),
      ("config", ["heeder": "X"]), ("jwks", "x"),
    ] as [(String, JSON?)])
  func `a line that is no vector is bad input`(member: String, value: JSON?) {
    guard var object = good.object else { return }
    object[member] = value
    // Padding may be left out: that line is good.
    let isGood = value == "e30"
    let answer = JSON.object(object).judged
    #expect(answer["reason"]?.string == (isGood ? nil : "bad_input"), "\(member): \(answer.text)")
    #expect(answer["accepted"]?.bool == isGood)
  }

  @Test(arguments: ["", "{", "[]", "null", "\u{FEFF}{}", "{} {}", "\u{0}", "{\"provider\":\"gitlab\"}"])
  func `a line that is no object is bad input`(line: String) {
    #expect(VectorLine.answer(Array(line.utf8))["reason"]?.string == "bad_input")
  }

  @Test func `a whole verify object may stand in a line`() {
    guard var object = good.object else { return }
    object["provider"] = nil
    object["secret"] = nil
    object["verify"] = [
      "type": "token", "secret": "otter", "signature": ["from": "header", "name": "X-Gitlab-Token"],
    ]
    #expect(JSON.object(object).judged == ["accepted": true])
  }
}
