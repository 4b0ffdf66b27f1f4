internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel

/// Reads the verbs that hold steps of their own.
struct BlockReader {
  private let step: MappingReader
  /// What the inner steps see.
  private let known: KnownNames
  private let retry: RetryPolicy

  /// Steps in steps: the depth of `StepPath`.
  static let maxDepth = 32
  /// Branches of one `switch`.
  static let maxBranches = 256

  init(_ step: MappingReader, _ known: KnownNames, _ retry: RetryPolicy) {
    self.step = step
    self.known = known.inside
    self.retry = retry
  }

  // MARK: switch

  func readSwitch() -> Verb? {
    guard isShallow(StepKeys.branches), let readers = step.read(StepKeys.branches) else { return nil }
    return .switch(
      readers.enumerated().map { index, reader in branch(reader, isLast: index == readers.count - 1) })
  }

  private func branch(_ reader: MappingReader, isLast: Bool) -> SwitchBranch {
    let condition = reader.expression(BranchKeys.condition, known, isCondition: true)
    if !reader.has(BranchKeys.condition), !isLast {
      step.diagnostics.error(
        "\(reader.path) needs an if: only the last branch may do without, which is taken where no other is",
        at: reader.position)
    }
    let steps = steps(reader.read(BranchKeys.steps), known)
    reader.finish()
    return SwitchBranch(condition: condition, steps: steps)
  }

  // MARK: forEach

  func readForEach() -> Verb? {
    guard isShallow(StepKeys.loop), let reader = step.read(StepKeys.loop) else { return nil }
    let list = reader.expression(LoopKeys.list, known)
    let name = name(reader)
    let concurrency = reader.read(LoopKeys.concurrency)
    let steps = steps(reader.read(LoopKeys.steps), known.adding(name))
    reader.finish()
    guard let list else { return nil }
    return .forEach(ForEachStep(list: list, name: name, steps: steps, concurrency: concurrency))
  }

  private func name(_ reader: MappingReader) -> String {
    let name = reader.read(LoopKeys.name)
    if known.roots.contains(name) || Self.reserved.contains(name) {
      reader.reject(LoopKeys.name, "\"\(name)\" is taken; another name is needed")
    }
    // A name that was refused is one mistake, not one for each of its uses.
    return reader.written(LoopKeys.name)?.node.string ?? name
  }

  /// Names that mean something else in expressions, now or where they stand.
  private static let reserved: Set<String> = [
    "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if",
    "import", "let", "loop", "package", "namespace", "return", "var", "void", "while", "failure", "response",
  ]

  // MARK: parallel

  func readParallel() -> Verb? {
    guard isShallow(StepKeys.parallel) else { return nil }
    return step.read(StepKeys.parallel).map { branches in
      .parallel(branches.map { ParallelBranch(name: $0.name, steps: steps($0.value, known)) })
    }
  }

  // MARK: All

  /// The steps of a branch or of a loop.
  private func steps(_ nodes: [DocumentNode]?, _ known: KnownNames) -> [Step] {
    var list = StepListReader(known: known, retry: retry, hiding: known.steps, step.diagnostics)
    return list.read(nodes ?? [])
  }

  private func isShallow(_ verb: some NamedKey) -> Bool {
    guard known.depth >= Self.maxDepth else { return true }
    step.reject(verb, "stands \(Self.maxDepth) steps deep; a step at this depth cannot hold others")
    return false
  }
}
