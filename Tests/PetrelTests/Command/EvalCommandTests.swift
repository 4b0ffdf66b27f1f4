import RelayDocuments
import Testing

@Suite struct EvalCommandTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  @Test(arguments: [
    ("1 + 2", "3\n"), ("'a' + 'b'", "\"ab\"\n"), ("event.type == 'push'", "true\n"),
    ("event.body.amount", "1.10\n"),
    ("timestamp('2026-07-01T07:00:00Z').getHours('Europe/Berlin')", "9\n"),
  ])
  func `an expression's value is printed as JSON`(source: String, expected: String) throws {
    let input = try folder.write("scope.json", #"{"event":{"type":"push","body":{"amount":1.10}}}"#)
    let run = try CommandRun(["eval", source, "--input", input])
    #expect(run.status == 0)
    #expect(run.output == expected)
  }

  @Test func `an error shows its place under the expression`() throws {
    let run = try CommandRun(["eval", "1 + 'a'"])
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(run.messages.contains("\"+\" does not take int and string"))
    #expect(run.messages.contains("1 + 'a'\n"))
    #expect(run.messages.contains("^"))
  }

  @Test func `an expression that is repeated is printed once, and its cost told`() throws {
    let run = try CommandRun(["eval", "[1, 2].map(n, n * 2)", "--repeat", "500"])
    #expect(run.output == "[2,4]\n")
    #expect(run.messages.wholeMatch(of: /[0-9]+ ns each, 500 times\n/) != nil, "\(run.messages)")
    for refused in [["1", "--repeat", "0"], ["--jsonl", "--repeat", "2"]] {
      #expect(try CommandRun(["eval"] + refused).status == 64)
    }
  }

  @Test func `each line gets an answer, and all together end well`() throws {
    let lines = """
      {"expr":"x + 1","bindings":{"x":{"type":"int","value":"41"}}}
      {"expr":"1 / 0"}
      {"expr":"true || f()"}
      {"expr":"1 +"}
      {"expr":"x","bindings":{"x":{"type":"nope"}}}
      not json
      {"expr":"timestamp('2026-11-22T21:00:00Z') + duration('1.5s')"}
      {"expr":"{'a': [1u, b'x', null]}"}
      """
    let run = try CommandRun(["eval", "--jsonl"], input: lines + "\n")
    #expect(run.status == 0)
    let answers = try run.output.split(separator: "\n").map { try JSON.parse(text: String($0)) }
    #expect(answers.count == 8)
    #expect(answers[0] == ["type": "int", "value": "42"])
    #expect(answers[2] == ["type": "bool", "value": true])
    for index in [1, 3, 4, 5] { #expect(answers[index]["error"]?.string?.isEmpty == false) }
    #expect(answers[6] == ["type": "timestamp", "value": "2026-11-22T21:00:01.5Z"])
    #expect(answers[7]["type"] == "map")
  }

  @Test(arguments: [["eval"], ["eval", "1", "--jsonl"]])
  func `one expression or lines, not both and not neither`(arguments: [String]) throws {
    #expect(try CommandRun(arguments).status == 64)
  }

  @Test func `an input that is no object is bad input`() throws {
    #expect(try CommandRun(["eval", "1", "--input", try folder.write("a.json", "[1]")]).status == 65)
    #expect(try CommandRun(["eval", "1", "--input", try folder.write("b.json", "{")]).status == 65)
  }
}
