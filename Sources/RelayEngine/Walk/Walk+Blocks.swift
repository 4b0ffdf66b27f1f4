internal import RelayDocuments
internal import RelayExpressions
package import RelayModel
internal import RelayStore
internal import RelayWorkflow

/// A step whose own steps are walked.
struct Frame {
  let path: StepPath
  let known: ProgramStep
  let began: Timestamp
  /// Which branch, or which elements: what the journal keeps, so that it is never decided again.
  let decision: [UInt8]
  /// Of a loop; empty for a branch.
  let elements: [JSON]
  /// The branch, or the turn of the loop.
  var turn: UInt32
  /// The first turn that this walk walks.
  let firstTurn: UInt32
  /// What the turns before that came to, once it was read.
  var earlier: [[UInt8]?]?
  /// What the turns since then came to.
  var outputs: [[UInt8]?] = []
  var outputBytes = 0
  /// `steps` as it is seen around it.
  let outer: JSONObject

  var isLastTurn: Bool { Int(turn) + 1 >= known.turns(elements: elements.count) }
  /// Whether what all turns come to makes the output, not what the one turn does.
  var collects: Bool { !known.isChoice }
}

/// The decision of a step with steps in it, as a journal entry keeps it.
enum BlockMark {
  static func bytes(branch: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: branch >> UInt32($0)) }
  }

  static func branch(_ bytes: [UInt8]) -> UInt32? {
    bytes.count == 4 ? bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } : nil
  }

  static func elements(_ bytes: [UInt8]) -> [JSON]? {
    do {
      return try JSON.parse(bytes).array
    } catch {
      // A decision of another verb: the document is another version.
      return nil
    }
  }
}

/// Going into the steps of a step, round, and out again.
extension Walk {
  /// Takes the first branch that is wanted; none makes the step null.
  func choose(_ known: ProgramStep, _ branches: [SwitchBranch], wall: Timestamp) throws(StepError) {
    let scope = scope()
    let index = try evaluated { () throws(ExpressionError) -> Int? in
      for (index, branch) in branches.enumerated() {
        guard let condition = branch.condition else { return index }
        if try condition.isTrue(in: scope) { return index }
      }
      return nil
    }
    guard let index else { return pass(nil, attempt: nil, wall: wall) }
    let branch = UInt32(clamping: index)
    open(known, BlockMark.bytes(branch: branch), elements: [], turn: branch, wall: wall)
  }

  /// Decides what the loop goes over.
  func begin(_ loop: ForEachStep, _ known: ProgramStep, wall: Timestamp) throws(StepError) -> Stop? {
    let text = try loop.items(in: scope()).asJSON.serialized()
    guard text.count <= EngineBounds.output.bytes else {
      throw StepError(.badValue, "forEach.in: the list is larger than \(EngineBounds.output.text)")
    }
    // From its JSON form, as a walk after a restart sees it.
    let elements = BlockMark.elements(text) ?? []
    guard !elements.isEmpty else {
      pass(Array("[]".utf8), attempt: nil, wall: wall)
      return nil
    }
    if forks(known, turns: elements.count) {
      return begin(known, turns: elements.count, text, wall: wall)
    }
    open(known, text, elements: elements, turn: 0, wall: wall)
    return nil
  }

  /// Begins all branches, or goes into the first, and the others follow.
  func begin(_ known: ProgramStep, wall: Timestamp) -> Stop? {
    let (decision, turns) = (BlockMark.bytes(branch: 0), known.turns(elements: 0))
    if forks(known, turns: turns) { return begin(known, turns: turns, decision, wall: wall) }
    open(known, decision, elements: [], turn: 0, wall: wall)
    return nil
  }

  private func open(
    _ known: ProgramStep, _ decision: [UInt8], elements: [JSON], turn: UInt32, wall: Timestamp
  ) {
    var entry = entry(.running, wall: wall)
    entry.finishedAt = nil
    entry.decision = decision
    keep(entry)
    readOutputs()
    frames.append(
      Frame(
        path: position, known: known, began: entry.startedAt, decision: decision, elements: elements,
        turn: turn, firstTurn: turn, earlier: [], outer: outputs))
    position = position.item(turn).step(0)
    stepBegan = nil
  }

  /// A step that stands open, by what is on record.
  func reopen(_ entry: JournalEntry) {
    guard let known = program.step(at: entry.path), let decision = entry.decision,
      let turn = position.line[entry.path.depth].turn
    else { return }
    readOutputs()
    let list = known.isLoop ? lists.elements(of: decision) : nil
    frames.append(
      Frame(
        path: entry.path, known: known, began: entry.startedAt, decision: list?.decision ?? decision,
        elements: list?.elements ?? [], turn: turn, firstTurn: turn,
        earlier: turn == 0 || known.isChoice ? [] : nil, outer: outputs))
  }

  /// The last step of a branch or turn is over: the next turn follows, or what is behind the step.
  func leaveTurn(wall: Timestamp) -> Stop? {
    guard var frame = frames.last else { return nil }
    if frame.isLastTurn, frame.earlier == nil {
      return .outputs(of: frame.path, turns: frame.firstTurn)
    }
    frame.outputs.append(lastOutput)
    frame.outputBytes += lastOutput?.count ?? 4
    if frame.collects, frame.outputBytes > EngineBounds.output.bytes {
      loseOutputs(why: "the outputs together are larger than \(EngineBounds.output.text)", wall: wall)
    } else if frame.isLastTurn {
      _ = leaveBlock()
      pass(frame.collects ? frame.collected : lastOutput, attempt: nil, wall: wall)
    } else {
      frame.turn += 1
      frames[frames.count - 1] = frame
      outputs = frame.outer
      unread = []
      position = frame.path.item(frame.turn).step(0)
      stepBegan = nil
    }
    return nil
  }

  /// What the turns before this walk's first came to.
  package func supply(_ outputs: [[UInt8]?]) {
    if fork != nil {
      forkOutputs = outputs
      return
    }
    guard !frames.isEmpty else { return }
    frames[frames.count - 1].earlier = outputs
  }

  /// What the turns of the innermost loop came to cannot be had: the loop fails.
  package func loseOutputs(why: String, wall: Timestamp) {
    if fork != nil { return failFork(why: why, wall: wall) }
    guard let frame = leaveBlock() else { return }
    let verb = frame.known.step.verb.name
    fail(Failure(step: name, code: StepError.Code.badValue.rawValue, message: "\(verb): \(why)"), wall: wall)
  }

  /// Back to the innermost step that stands open; nil where none does.
  func leaveBlock() -> Frame? {
    guard let frame = frames.popLast() else { return nil }
    position = frame.path
    outputs = frame.outer
    unread = []
    openDecision = nil
    stepBegan = frame.began
    waitMark = nil
    return frame
  }
}

extension Frame {
  /// The outputs of all turns.
  fileprivate var collected: [UInt8] { known.output(of: (earlier ?? []) + outputs) }
}
