internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel
internal import RelaySandbox

/// Reads `code`: the script itself, or a mapping with it.
struct CodeReader {
  private let step: MappingReader
  private let known: KnownNames

  init(_ step: MappingReader, _ known: KnownNames) {
    self.step = step
    self.known = known
  }

  func read() -> CodeStep? {
    checkTimeout()
    switch step.read(StepKeys.code) {
    case nil: return nil
    case .short(let source): return checked(CodeStep(source: source), StepKeys.code, step)
    case .long(let reader):
      let input = reader.read(CodeKeys.input).map { reader.value($0, known) }
      let memory = reader.read(CodeKeys.memory)
      let source = reader.read(CodeKeys.source)
      reader.finish()
      return source.flatMap {
        checked(CodeStep(source: $0, input: input, memory: memory), CodeKeys.source, reader)
      }
    }
  }

  private func checked(_ step: CodeStep, _ key: some NamedKey, _ reader: MappingReader) -> CodeStep? {
    guard step.source.utf8.count <= SandboxBounds.source.bytes else {
      reader.reject(key, "is longer than \(SandboxBounds.source.text)")
      return nil
    }
    if let complaint = Script.complaint(about: step.source) {
      reader.reject(key, "is not Lua 5.4: \(complaint)")
      return nil
    }
    return step
  }

  /// The step's own member, which its reader judges as well: the sandbox gives nobody more.
  private func checkTimeout() {
    guard let text = step.written(StepKeys.timeout)?.node.string, let timeout = Duration(text: text),
      timeout > SandboxBounds.maxTimeout
    else { return }
    step.reject(StepKeys.timeout, "of a script is at most \(SandboxBounds.maxTimeout.text)")
  }
}
