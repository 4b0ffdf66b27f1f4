internal import ArgumentParser
internal import Glibc
internal import RelayDocuments
internal import RelayExpressions

struct Eval: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate one expression.",
    discussion: """
      The members of the input's object are the names in scope. With --jsonl {"expr":…,"bindings":{NAME:TYPED}} a line \
      on stdin is answered with TYPED or {"error":…} a line. --repeat tells on stderr what processor time one evaluation takes.

      EXAMPLES
        petrel eval '1 == 1'
        petrel eval "event.type == 'push'" --input scope.json
      """)

  @Argument(help: "The expression.")
  var expression: String?
  @Option(name: .long, help: "A JSON object whose members are in scope; - is stdin.", completion: .file())
  var input: String?
  @Flag(name: .long, help: "Read an expression a line from stdin.")
  var jsonl = false
  @Option(name: .long, help: "Evaluate it so many times, and tell the processor time of one.")
  var `repeat`: Int?
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if (expression == nil) != jsonl { throw ValidationError("Give one expression, or --jsonl.") }
    if let count = `repeat`, jsonl || !(1...100_000_000).contains(count) {
      throw ValidationError("Give --repeat from 1 to 100000000, and with one expression.")
    }
  }

  func perform(_ console: Console) throws(CommandFailure) {
    guard let expression else { return try answerLines(console) }
    let scope = Bindings(try bindings())
    do throws(ExpressionError) {
      let parsed = try Expression(parsing: expression)
      console.result(try parsed.evaluate(in: scope).asJSON.text)
      if let count = `repeat` { console.message(try Self.cost(of: parsed, scope, count)) }
    } catch {
      throw CommandFailure(.failed, error.illustrated)
    }
  }

  /// The processor time of one of `count` evaluations.
  private static func cost(of expression: Expression, _ scope: Bindings, _ count: Int) throws(ExpressionError)
    -> String
  {
    let begin = clock()
    for _ in 0..<count { _ = try expression.evaluate(in: scope) }
    let nanoseconds = (clock() - begin) * 1_000_000_000 / CLOCKS_PER_SEC / count
    return "\(nanoseconds) ns each, \(count) times"
  }

  private func bindings() throws(CommandFailure) -> [String: Value] {
    guard let input else { return [:] }
    let bytes = try InputFile.read(input)
    let json: JSON
    do throws(JSONError) {
      json = try JSON.parse(bytes)
    } catch {
      throw CommandFailure(.badInput, "\(input): \(error)")
    }
    guard let object = json.object else { throw CommandFailure(.badInput, "\(input) is no JSON object") }
    return Dictionary(object.members.map { ($0.name, Value($0.value)) }) { _, last in last }
  }

  private func answerLines(_ console: Console) throws(CommandFailure) {
    var lines = InputLines()
    while let line = try lines.next() { console.result(Self.answer(line).text) }
  }

  private static func answer(_ line: [UInt8]) -> JSON {
    do {
      let json = try JSON.parse(line)
      guard let text = json["expr"]?.string else { return ["error": "expr is missing"] }
      var bindings: [String: Value] = [:]
      for member in json["bindings"]?.object?.members ?? [] {
        guard let value = TypedValue.value(member.value) else {
          return ["error": .string("the binding \(member.name) is no typed value")]
        }
        bindings[member.name] = value
      }
      return TypedValue.json(try Expression(parsing: text).evaluate(in: Bindings(bindings)))
    } catch {
      return ["error": .string("\(error)")]
    }
  }
}
