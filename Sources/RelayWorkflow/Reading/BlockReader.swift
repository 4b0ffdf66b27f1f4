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
    guard isShallow("switch") else { return nil }
    let nodes = step.list("switch", required: true)
    guard !nodes.isEmpty, nodes.count <= Self.maxBranches else {
      if step.node("switch")?.elements != nil {
        step.reject("switch", "must hold 1 to \(Self.maxBranches) branches, each {\"if\": …, \"steps\": […]}")
      }
      return nil
    }
    let branches = nodes.enumerated().compactMap { index, node in
      branch(node, index, isLast: index == nodes.count - 1)
    }
    return branches.count == nodes.count ? .switch(branches) : nil
  }

  private func branch(_ node: DocumentNode, _ index: Int, isLast: Bool) -> SwitchBranch? {
    let reader = MappingReader(node, path: "\(step.path).switch[\(index)]", step.diagnostics)
    guard node.members != nil else { return nil }
    let condition = reader.expression("if", known, isCondition: true)
    if !reader.has("if"), !isLast {
      step.diagnostics.error(
        "\(reader.path) needs an if: only the last branch may do without, which is taken where no other is",
        at: reader.position)
    }
    let steps = steps(of: reader, known)
    reader.finish()
    return SwitchBranch(condition: condition, steps: steps)
  }

  // MARK: forEach

  func readForEach() -> Verb? {
    guard isShallow("forEach"), let reader = step.mapping("forEach", required: true) else { return nil }
    let list = reader.expression("in", known)
    if !reader.has("in") { _ = reader.string("in", required: true) }
    let name = name(reader)
    let concurrency = reader.int("concurrency", in: 1...ForEachStep.maxConcurrency) ?? 1
    let steps = steps(of: reader, known.adding(name))
    reader.finish()
    guard let list else { return nil }
    return .forEach(ForEachStep(list: list, name: name, steps: steps, concurrency: concurrency))
  }

  private func name(_ reader: MappingReader) -> String {
    guard let name = reader.string("as") else { return ForEachStep.defaultName }
    let bytes = Array(name.utf8)
    let isName =
      (1...64).contains(bytes.count) && !(48...57).contains(bytes[0])
      && bytes.allSatisfy {
        (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_")
      }
    if !isName {
      reader.reject("as", "must be 1 to 64 of A-Z, a-z, 0-9 and _, not beginning with a digit")
    } else if known.roots.contains(name) || Self.reserved.contains(name) {
      reader.reject("as", "\"\(name)\" is taken; another name is needed")
    }
    return name
  }

  /// Names that mean something else in expressions, now or where they stand.
  private static let reserved: Set<String> = [
    "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if",
    "import", "let", "loop", "package", "namespace", "return", "var", "void", "while", "failure", "response",
  ]

  // MARK: parallel

  func readParallel() -> Verb? {
    guard isShallow("parallel"), let reader = step.mapping("parallel", required: true) else { return nil }
    guard (1...Self.maxBranches).contains(reader.names.count) else {
      if step.node("parallel")?.members == nil { return nil }
      step.reject("parallel", "must hold 1 to \(Self.maxBranches) branches, each \"name\": […]")
      return nil
    }
    let branches = reader.names.map { name in
      if !Self.isBranchName(name) {
        reader.reject(
          name, "is no name for a branch: 1 to 64 of A-Z, a-z, 0-9, _ and -, beginning with a letter")
      }
      return ParallelBranch(name: name, steps: steps(of: reader, known, under: name))
    }
    reader.finish(alsoKnown: reader.names)
    return .parallel(branches)
  }

  /// Branch names stand in the paths of steps, and after a dot in expressions.
  private static func isBranchName(_ name: String) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (65...90).contains(byte) }
    guard let first = name.utf8.first, isLetter(first), name.utf8.count <= 64 else { return false }
    return name.utf8.allSatisfy {
      isLetter($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
    }
  }

  // MARK: All

  /// The steps of a branch or of a loop, under `member`.
  private func steps(of reader: MappingReader, _ known: KnownNames, under member: String = "steps") -> [Step]
  {
    var list = StepListReader(known: known, retry: retry, hiding: known.steps, step.diagnostics)
    let steps = list.read(reader.list(member, required: true))
    if steps.isEmpty, reader.node(member)?.elements?.isEmpty == true {
      reader.reject(member, "must hold at least one step")
    }
    return steps
  }

  private func isShallow(_ verb: String) -> Bool {
    guard known.depth >= Self.maxDepth else { return true }
    step.reject(verb, "stands \(Self.maxDepth) steps deep; a step at this depth cannot hold others")
    return false
  }
}
