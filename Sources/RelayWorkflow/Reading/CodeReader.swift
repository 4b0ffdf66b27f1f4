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
    guard let node = step.node("code", required: true) else { return nil }
    checkTimeout()
    guard node.members != nil, let reader = step.mapping("code") else {
      return step.string("code").flatMap { code($0, "code", step) }
    }
    let input = reader.node("with").map { reader.value($0, known) }
    if reader.has("with"), reader.node("with")?.members == nil {
      reader.reject("with", "must be a mapping: the script sees its members as with.NAME")
    }
    let memory = reader.size("memory", in: .mebibytes(1)...SandboxBounds.maxMemory)
    let source = reader.string("lua", required: true)
    reader.finish()
    return source.flatMap { code($0, "lua", reader, input, memory) }
  }

  private func code(
    _ source: String, _ name: String, _ reader: MappingReader, _ input: ValueTemplate? = nil,
    _ memory: ByteCount? = nil
  ) -> CodeStep? {
    guard source.utf8.count <= SandboxBounds.source.bytes else {
      reader.reject(name, "is longer than \(SandboxBounds.source.text)")
      return nil
    }
    if let complaint = Script.complaint(about: source) {
      reader.reject(name, "is not Lua 5.4: \(complaint)")
      return nil
    }
    return CodeStep(source: source, input: input, memory: memory ?? SandboxBounds.memory)
  }

  /// The step's own member, which its reader judges as well: the sandbox gives nobody more.
  private func checkTimeout() {
    guard let text = step.node("timeout")?.string, let timeout = Duration(text: text),
      timeout > SandboxBounds.maxTimeout
    else { return }
    step.reject("timeout", "of a script is at most \(SandboxBounds.maxTimeout.text)")
  }
}
