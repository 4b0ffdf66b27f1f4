/// Why a pattern is refused.
package struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence with the place.
  package let message: String
  package var description: String { message }

  init(_ message: String) { self.message = message }
}

/// A regular expression in RE2's syntax, without backtracking: time is bounded by the length of the text
/// times the size of the pattern.
package struct Pattern: Sendable {
  /// The longest pattern, in bytes.
  package static let maxBytes = 4096
  /// The most instructions that a pattern becomes, repetitions written out.
  static let maxSize = 10_000

  package let source: String
  let program: [Instruction]
  /// How many groups capture, the whole match included.
  package let groupCount: Int
  /// The places of named groups.
  package let groupNames: [String: Int]

  package init(_ source: String) throws(PatternError) {
    guard source.utf8.count <= Self.maxBytes else {
      throw PatternError("the pattern is longer than \(Self.maxBytes) bytes")
    }
    var parser = PatternParser(source)
    let root = try parser.pattern()
    var builder = ProgramBuilder()
    try builder.add(.group(root, 0))
    builder.finish()
    self.source = source
    program = builder.program
    groupCount = parser.groupCount
    groupNames = parser.groupNames
  }

  /// How many instructions it has.
  package var size: Int { program.count }
}

/// What a pattern means.
indirect enum PatternNode {
  case empty
  case set(ScalarSet)
  case assertion(Assertion)
  case concatenation([PatternNode])
  case alternation([PatternNode])
  case repetition(PatternNode, min: Int, max: Int?, isGreedy: Bool)
  /// A group that captures under a number.
  case group(PatternNode, Int)
}

enum Assertion: Sendable {
  case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
}

/// One step of the machine.
enum Instruction: Sendable {
  case set(ScalarSet)
  case assertion(Assertion)
  /// Goes on at both; the first is preferred.
  case split(Int, Int)
  case jump(Int)
  case save(Int)
  case match
}

/// Writes a pattern out as instructions.
struct ProgramBuilder {
  private(set) var program: [Instruction] = []

  mutating func finish() { program.append(.match) }

  mutating func add(_ node: PatternNode) throws(PatternError) {
    guard program.count < Pattern.maxSize else {
      throw PatternError("the pattern is too large: its repetitions make more than \(Pattern.maxSize) steps")
    }
    switch node {
    case .empty: break
    case .set(let set): program.append(.set(set))
    case .assertion(let assertion): program.append(.assertion(assertion))
    case .concatenation(let nodes): for node in nodes { try add(node) }
    case .alternation(let nodes): try add(alternatives: nodes)
    case .group(let inner, let number):
      program.append(.save(2 * number))
      try add(inner)
      program.append(.save(2 * number + 1))
    case .repetition(let inner, let min, let max, let isGreedy):
      for _ in 0..<min { try add(inner) }
      if let max {
        try add(optional: inner, times: max - min, isGreedy)
      } else {
        try add(loop: inner, isGreedy)
      }
    }
  }

  private mutating func add(alternatives nodes: [PatternNode]) throws(PatternError) {
    var exits: [Int] = []
    for (index, node) in nodes.enumerated() {
      guard index < nodes.count - 1 else {
        try add(node)
        break
      }
      let split = program.count
      program.append(.jump(0))
      try add(node)
      exits.append(program.count)
      program.append(.jump(0))
      program[split] = .split(split + 1, program.count)
    }
    for exit in exits { program[exit] = .jump(program.count) }
  }

  private mutating func add(optional node: PatternNode, times: Int, _ isGreedy: Bool) throws(PatternError) {
    var splits: [Int] = []
    for _ in 0..<times {
      splits.append(program.count)
      program.append(.jump(0))
      try add(node)
    }
    for split in splits { program[split] = Self.split(split + 1, program.count, isGreedy) }
  }

  private mutating func add(loop node: PatternNode, _ isGreedy: Bool) throws(PatternError) {
    let split = program.count
    program.append(.jump(0))
    try add(node)
    program.append(.jump(split))
    program[split] = Self.split(split + 1, program.count, isGreedy)
  }

  private static func split(_ inside: Int, _ outside: Int, _ isGreedy: Bool) -> Instruction {
    isGreedy ? .split(inside, outside) : .split(outside, inside)
  }
}
