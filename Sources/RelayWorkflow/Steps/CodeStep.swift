internal import RelayDocuments
package import RelayExpressions
package import RelayModel
package import RelaySandbox

/// Runs a script, whose value is the step's.
package struct CodeStep: Sendable {
  /// Lua, taken as it is: what stands in `{{ }}` there is Lua's.
  package var source: String
  /// What the script sees as `with`; nil where the document gives nothing.
  package var input: ValueTemplate?
  package var memory: ByteCount
  /// Names of the scope that stand somewhere in the source: the script sees these and no others, so that what it
  /// does not look at costs nothing.
  private let words: Set<String>

  package init(source: String, input: ValueTemplate? = nil, memory: ByteCount = SandboxBounds.memory) {
    self.source = source
    self.input = input
    self.memory = memory
    self.words = Self.words(of: source)
  }

  /// The script with all that it sees.
  ///
  /// - Parameter seed: of its random numbers: the same text, the same numbers.
  package func script(in scope: WorkflowScope, timeout: Duration, seed: String) throws(StepError) -> Script {
    var members: [(name: String, value: JSON)] = []
    for name in scope.variableNames where words.contains(name) {
      guard let value = scope.variable(name) else { continue }
      members.append((name, name == "event" ? eventJSON(value) : value.asJSON))
    }
    if let input {
      members.append(("with", try evaluated { () throws(ExpressionError) in try input.value(in: scope) }))
    }
    let text = JSON.object(JSONObject(members)).serialized()
    guard text.count <= SandboxBounds.input.bytes else {
      throw StepError(
        .badValue,
        "code: what the script sees is larger than \(SandboxBounds.input.text); give it what it needs in `with`"
      )
    }
    return Script(source: source, input: text, timeout: timeout, memory: memory, seed: Script.seed(of: seed))
  }

  /// Without `raw`, unless the script speaks of it: it is the body once more, a third longer.
  private func eventJSON(_ value: Value) -> JSON {
    guard case .object(let event) = value, !words.contains("raw") else { return value.asJSON }
    return .object(
      JSONObject(
        event.memberNames.filter { $0 != "raw" }.map { ($0, event.member($0)?.asJSON ?? .null) }))
  }

  private static func words(of source: String) -> Set<String> {
    let words = source.utf8.split { byte in
      !((97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == 95)
    }
    return Set(words.map { String(decoding: $0, as: UTF8.self) })
  }
}
