internal import RelayDocuments

/// The keys of a branch of `switch`.
enum BranchKeys {
  static let condition = Key("if", .expression, "Whether the branch is taken; only the last may do without.")
  static let steps = Key("steps", StepsForm(), required: true, "What is done there.")

  static let shape = Shape([condition, steps])
}

/// The branches of `switch`.
struct BranchesForm: Form {
  func read(_ written: WrittenValue) -> [MappingReader]? {
    guard let branches = written.read(as: "a list", \.elements) else { return nil }
    guard (1...BlockReader.maxBranches).contains(branches.count) else {
      written.reject(
        "must hold 1 to \(BlockReader.maxBranches) branches, each {\"if\": …, \"steps\": […]}")
      return nil
    }
    return ListForm(of: BranchKeys.shape).read(written)
  }

  func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    [
      "type": "array", "minItems": 1, "maxItems": JSON(BlockReader.maxBranches),
      "items": .object(BranchKeys.shape.schema(&definitions)),
    ]
  }
}

/// The keys of `forEach`.
enum LoopKeys {
  static let list = Key("in", .expression, required: true, "Gives the list.")
  static let name = Setting(
    "as",
    WordForm(
      first: "A-Za-z_", rest: "A-Za-z0-9_",
      "must be 1 to 64 of A-Z, a-z, 0-9 and _, not beginning with a digit"),
    default: ForEachStep.defaultName, "What the steps call the element.")
  static let concurrency = Setting(
    "concurrency", .integer(in: 1...ForEachStep.maxConcurrency), default: 1,
    "How many elements may be under way at once.")
  static let steps = Key("steps", StepsForm(), required: true, "What is done for each.")

  static let shape = Shape([list, name, concurrency, steps])
}

/// The branches of `parallel`, by name.
struct ParallelForm: Form {
  /// Branch names stand in the paths of steps, and after a dot in expressions.
  static let name = WordForm(
    first: "A-Za-z", rest: "A-Za-z0-9_-",
    "is no name for a branch: 1 to 64 of A-Z, a-z, 0-9, _ and -, beginning with a letter")

  private static let count = 1...BlockReader.maxBranches
  private static let members = MembersForm<StepsForm>.members(
    of: StepsForm(), named: name.pattern, count: count)

  func read(_ written: WrittenValue) -> [NamedValue<[DocumentNode]>]? {
    guard Self.count.contains(written.node.members?.count ?? 1) else {
      written.reject("must hold 1 to \(BlockReader.maxBranches) branches, each \"name\": […]")
      return nil
    }
    let branches = Self.members.read(written)
    for branch in branches ?? [] where !Self.name.accepts(branch.name) {
      branch.written.reject(Self.name.complaint)
    }
    return branches
  }

  func schema(_ definitions: inout SchemaDefinitions) -> JSONObject { Self.members.schema(&definitions) }
}
