extension Pattern {
  /// Whether the pattern matches anywhere in `text`. Counts its steps in `steps`; nil beyond `limit`.
  func matches(_ text: String, steps: inout Int, limit: Int) -> Bool? {
    var machine = PatternMachine(program, slots: 0)
    let found = machine.run(text.unicodeScalars, limit: limit)
    steps = machine.steps
    return machine.isSpent ? nil : found != nil
  }

  /// Where the first match at or behind the character `start` begins and ends, and each of its groups:
  /// indices into `scalars`. Nil where there is none; `steps` counts what it took, and a match that takes
  /// more than `limit` is none.
  package func firstMatch(
    in scalars: [Unicode.Scalar], from start: Int = 0, steps: inout Int, limit: Int = 16_000_000
  ) -> [Range<Int>?]? {
    var machine = PatternMachine(program, slots: 2 * groupCount)
    let found = machine.run(scalars, from: start, limit: limit)
    steps += machine.steps
    guard let found else { return nil }
    return (0..<groupCount).map { group in
      let (from, to) = (found[2 * group], found[2 * group + 1])
      return from >= 0 && to >= 0 ? from..<to : nil
    }
  }
}

/// Walks all ways through a pattern at once, one character after the other (Pike's machine).
struct PatternMachine {
  private let program: [Instruction]
  private let slots: Int
  private(set) var steps = 0
  private(set) var isSpent = false
  /// The instruction at which a thread waits for a character, in order of preference.
  private var current: [Int] = []
  private var following: [Int] = []
  /// What the threads have captured, `slots` for each.
  private var currentSlots: [Int] = []
  private var followingSlots: [Int] = []
  /// For each instruction the round in which it was last reached.
  private var reached: [Int]
  private var round = 0
  private var stack: [(at: Int, restores: Int, value: Int)] = []
  private var captured: [Int]
  private var result: [Int]?

  /// - Parameter slots: how many places of groups to remember; none where only a yes or no is wanted.
  init(_ program: [Instruction], slots: Int) {
    self.program = program
    self.slots = slots
    reached = [Int](repeating: -1, count: program.count)
    captured = [Int](repeating: -1, count: slots)
  }

  /// The places of the first match, or nil.
  mutating func run(_ scalars: some Collection<Unicode.Scalar>, from start: Int = 0, limit: Int) -> [Int]? {
    var index = scalars.startIndex
    var previous: UInt32?
    var place = 0
    while place < start, index < scalars.endIndex {
      previous = scalars[index].value
      scalars.formIndex(after: &index)
      place += 1
    }
    var next = index < scalars.endIndex ? scalars[index].value : nil
    while true {
      if result == nil {
        // A match may begin here; threads that began before are preferred.
        for slot in captured.indices { captured[slot] = -1 }
        if current.isEmpty { round += 1 }
        follow(0, place, previous, next)
        swapFollowingIntoCurrent()
      }
      guard let code = next, !current.isEmpty || result == nil else { break }
      if result != nil, slots == 0 { break }
      scalars.formIndex(after: &index)
      let after = index < scalars.endIndex ? scalars[index].value : nil
      step(code, place + 1, after)
      guard steps <= limit else {
        isSpent = true
        return nil
      }
      previous = code
      next = after
      place += 1
    }
    return result
  }

  /// Adds to `current` what `follow` has found beside it.
  private mutating func swapFollowingIntoCurrent() {
    current.append(contentsOf: following)
    currentSlots.append(contentsOf: followingSlots)
    following.removeAll(keepingCapacity: true)
    followingSlots.removeAll(keepingCapacity: true)
    if let place = current.firstIndex(where: isMatch) { accept(place) }
  }

  private func isMatch(_ at: Int) -> Bool { if case .match = program[at] { true } else { false } }

  /// The thread at `place` has matched: those after it are worth less.
  private mutating func accept(_ place: Int) {
    result = Array(currentSlots[(place * slots)..<((place + 1) * slots)])
    current.removeSubrange(place...)
    currentSlots.removeSubrange((place * slots)...)
  }

  /// Takes one character in every thread.
  private mutating func step(_ code: UInt32, _ place: Int, _ next: UInt32?) {
    round += 1
    let threads = current
    for (index, at) in threads.enumerated() {
      steps += 1
      guard case .set(let set) = program[at], set.contains(code) else { continue }
      for slot in 0..<slots { captured[slot] = currentSlots[index * slots + slot] }
      follow(at + 1, place, code, next)
    }
    current.removeAll(keepingCapacity: true)
    currentSlots.removeAll(keepingCapacity: true)
    swapFollowingIntoCurrent()
  }

  /// Goes on from an instruction to all that wait for a character.
  private mutating func follow(_ start: Int, _ place: Int, _ previous: UInt32?, _ next: UInt32?) {
    stack.append((start, -1, 0))
    while let (at, restores, value) = stack.popLast() {
      if restores >= 0 {
        captured[restores] = value
        continue
      }
      if reached[at] == round { continue }
      reached[at] = round
      steps += 1
      switch program[at] {
      case .jump(let target): stack.append((target, -1, 0))
      case .split(let first, let second):
        stack.append((second, -1, 0))
        stack.append((first, -1, 0))
      case .save(let slot):
        if slot < slots {
          stack.append((0, slot, captured[slot]))
          captured[slot] = place
        }
        stack.append((at + 1, -1, 0))
      case .assertion(let assertion):
        if assertion.holds(previous, next) { stack.append((at + 1, -1, 0)) }
      case .set, .match:
        following.append(at)
        followingSlots.append(contentsOf: captured)
      }
    }
  }
}

extension Assertion {
  /// - Parameters: the characters around the place; nil at an end of the text.
  fileprivate func holds(_ previous: UInt32?, _ next: UInt32?) -> Bool {
    switch self {
    case .textStart: previous == nil
    case .textEnd: next == nil
    case .lineStart: previous == nil || previous == 0x0A
    case .lineEnd: next == nil || next == 0x0A
    case .wordBoundary: Self.isWord(previous) != Self.isWord(next)
    case .noWordBoundary: Self.isWord(previous) == Self.isWord(next)
    }
  }

  private static func isWord(_ code: UInt32?) -> Bool {
    guard let code, let byte = UInt8(exactly: code) else { return false }
    return byte.isNamePart
  }
}
