import RelayDocuments
import RelayExpressions
import Testing

/// What holds for every transform, and what is refused when a workflow is read.
@Suite struct TransformTableTests {
  @Test(arguments: Transforms.all)
  func `a transform passes missing and null on unless it says otherwise`(transform: Transform) throws {
    guard !transform.seesMissing else { return }
    let arguments = transform.parameters.map(Self.sample)
    let call = try TransformCall(transform, arguments)
    #expect(try call.apply(to: nil) == nil)
    #expect(try call.apply(to: .null) == .null)
  }

  @Test(arguments: Transforms.all)
  func `a transform has a sentence, and parameters of distinct names`(transform: Transform) {
    #expect(transform.summary.hasSuffix("."))
    #expect(Set(transform.parameters.map(\.name)).count == transform.parameters.count)
    #expect(transform.parameters.dropLast().allSatisfy { !$0.isVariadic })
  }

  @Test(arguments: [
    (#""trimm""#, "no transform \"trimm\"; did you mean \"trim\"?"),
    (#""truncate(10)""#, "no transform \"truncate(10)\"; write the arguments as {\"truncate\": …}"),
    (
      #"{"split": ",", "trim": null}"#,
      "must be a transform's name, or an object with the name and its arguments"
    ),
    (#""split""#, "needs sep"),
    (#"{"trim": ["a", "b"]}"#, "takes 0 to 1 arguments, not 2"),
    (#"{"lower": 1}"#, "takes no argument, not 1"),
    (#"{"truncate": {"n": 5, "sufix": ""}}"#, "truncate has no argument \"sufix\"; did you mean \"suffix\"?"),
    (#"{"truncate": "5"}"#, "n must be a whole number from 0 to 1000000, not a string"),
    (#"{"map": ["trimm"]}"#, "transforms no transform \"trimm\"; did you mean \"trim\"?"),
    (#"{"filter": "value >"}"#, "cond is no expression"),
    (#"{"startOf": "dya"}"#, "unit must be one of"),
    (#"{"pick": []}"#, "needs names"),
    (#"{"at": 1.5}"#, "i must be a whole number"),
    (#"7"#, "must be a transform's name"),
  ])
  func `a mistake is told when the transform is read`(transform: String, message: String) throws {
    let json = try JSON.parse(text: transform)
    do {
      _ = try TransformCall(json: json)
      Issue.record("it was accepted")
    } catch {
      #expect(error.message.contains(message), "\(error.message)")
    }
  }

  @Test func `what is fixed with an execution is the same each time`() throws {
    let surroundings = TransformSurroundings(now: "2026-11-25T12:00:00.000Z", identity: "exe_1:step:to")
    #expect(try TransformCall(json: "now").apply(to: nil, surroundings) == "2026-11-25T12:00:00.000Z")
    let first = try TransformCall(json: "uuid").apply(to: nil, surroundings)
    #expect(try TransformCall(json: "uuid").apply(to: nil, surroundings) == first)
    #expect(first?.string?.count == 36)
    let other = TransformSurroundings(now: nil, identity: "exe_2:step:to")
    #expect(try TransformCall(json: "uuid").apply(to: nil, other) != first)
  }

  @Test func `an error names the transform and never the value`() throws {
    let secret = "hunter2"
    for name in ["number", "boolean", "parseDate", "json", "email", "phone", "parseUrl", "sum"] {
      do {
        _ = try TransformCall(json: .string(name)).apply(to: .string(secret))
        Issue.record("\(name) took it")
      } catch {
        #expect(error.message.hasPrefix("\(name): "))
        #expect(!error.message.contains(secret))
      }
    }
  }

  private static func sample(_ parameter: TransformParameter) -> JSON? {
    switch parameter.kind {
    case .any, .text, .nonEmptyText, .character, .pattern: "x"
    case .integer(let range): JSON(max(range.lowerBound, 1))
    case .number: 1
    case .bool: true
    case .choice(let names): .string(names[0])
    case .object: [:]
    case .path: "a"
    case .zone: "UTC"
    case .unit: "day"
    case .currency: "EUR"
    case .transform: "trim"
    case .condition: "value == 1"
    case .datePattern: "yyyy"
    }
  }
}
