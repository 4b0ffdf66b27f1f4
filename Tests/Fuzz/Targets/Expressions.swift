internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel
internal import RelayWorkflow

extension FuzzTarget {
  private static let seedExpressions = [
    "event.type == 'issues' && 'bug' in event.body.labels.map(l, l.name)",
    "event.body.n * 2 + size(event.body.list)",
    "event.body.list.filter(x, x > 1).exists(x, x == 2)", "has(event.body.x) ? event.body.x : 'none'",
    "timestamp('2026-11-25T08:00:00Z') + duration('1h30m')", "'a,b'.split(',').join('-').upperAscii()",
    "[1,2,3].map(i, [1,2,3].map(j, i * j)).flatten()", "event.body.?a.?b.orValue(1)",
    "cel.bind(x, 1 + 2, x * x)",
    "'%s %d %.2f'.format(['a', 1, 2.5])", "b'abc' + bytes('é')", "{'a': 1}.all(k, v, v > 0)",
    "'x'.matches('^[a-z]+$')",
    "math.greatest(1, 2.0, 3u)", "base64.encode(b'a')", "event.body.name.slug().truncate(10)", "1 / 0",
    "(((((1)))))",
  ]

  /// What expressions of this fuzzer see.
  static let scope: WorkflowScope = {
    let body =
      #"{"n":1.10,"name":"Ada Lovelace","list":[1,2,3],"labels":[{"name":"bug"}],"big":9223372036854775807}"#
    let request = IncomingRequest(
      method: "POST", target: "/hooks/x?a=1&a=2",
      headers: HeaderFields([("Content-Type", "application/json")]),
      body: Array(body.utf8), receivedAt: .epoch, client: "192.0.2.1")
    return WorkflowScope(
      event: EventValue(id: "evt_1", type: "issues", hook: "x", request: request),
      execution: ExecutionFacts(id: "exe_1", workflow: "w", version: "v", startedAt: .epoch),
      steps: JSONObject([("first", ["title": "T"])]))
  }()

  /// What is read has the same value, or the same error, each time, and a JSON form. libFuzzer's own limits of time
  /// and memory judge whether it is bounded.
  static let expression = FuzzTarget(name: "expression", seeds: seedExpressions) { bytes in
    guard let source = text(bytes), let expression = try? Expression(parsing: source) else { return }
    _ = expression.references
    let first = result(expression)
    precondition(first == result(expression), "an expression has two values")
    if case .success(let written) = first {
      precondition((try? JSON.parse(written)) != nil, "a value has no JSON form")
    }
  }

  private static func result(_ expression: Expression) -> Result<[UInt8], ExpressionError> {
    do throws(ExpressionError) {
      return .success(try expression.evaluate(in: scope).asJSON.serialized())
    } catch {
      return .failure(error)
    }
  }

  /// A line with a pattern, and the text to find it in.
  static let pattern = FuzzTarget(
    name: "pattern",
    seeds: [
      "^(a+)+$\naaaaaaaaaaaaaaaa!", "(?i)[[:alpha:]]{2,5}\nAb", "\\p{L}+|\\d*?\né1", "(?P<x>a|b)*c\nababc",
      "[^a-z\\]]\n-",
      "a{1000}\naaa", "(((a?){10}){10}){10}\na",
    ]
  ) { bytes in
    let lines = bytes.split(separator: 10, maxSplits: 1, omittingEmptySubsequences: false)
    guard lines.count == 2, let pattern = text(lines[0]), let subject = text(lines[1]) else { return }
    guard let expression = try? Expression(parsing: "subject.matches(pattern)") else { return }
    let scope = Bindings(["subject": .string(subject), "pattern": .string(pattern)])
    _ = try? expression.evaluate(in: scope)
  }

  static let template = FuzzTarget(
    name: "template",
    seeds: seedExpressions.map { "{{ \($0) }}" } + [
      "a {{ event.id }} b {{ '}}' }} c", "{{", "}}", "{{ }}", "{{ {'a': {'b': 1}} }}", "{{{ 1 }}}",
      "{{ event.nope }}x",
    ]
  ) { bytes in
    guard let source = text(bytes), let template = try? Template(parsing: source) else { return }
    let whole = try? template.value(in: scope)
    if let literal = template.literal {
      precondition(
        !template.expressions.isEmpty || whole?.text == literal, "text without expressions changes")
    }
    _ = try? template.text(in: scope)
  }
}
