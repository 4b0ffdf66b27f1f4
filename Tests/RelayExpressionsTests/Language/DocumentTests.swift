import RelayDocuments
import RelayExpressions
import Testing

/// docs/EXPRESSIONS.md says what the language does; each of its examples is run.
@Suite struct DocumentTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let name: String
    let source: String
    /// An expression, or `error`.
    let result: String

    var testDescription: String { source }
  }

  @Test(arguments: ExpressionDocument.examples)
  func `an example has the result that the page says`(example: Example) throws {
    TestZones.install()
    let expression = try Expression(parsing: example.source)
    if example.result == "error" {
      #expect(throws: ExpressionError.self) { try expression.evaluate(in: Bindings()) }
      return
    }
    #expect(expression.problems.isEmpty)
    let found = try expression.evaluate(in: Bindings())
    let wanted = try Expression(parsing: example.result).evaluate(in: Bindings())
    #expect(found.isEqual(to: wanted), "\(found) is not \(wanted)")
    #expect(found.typeName == wanted.typeName)
  }

  @Test func `every function has an example on the page`() {
    let shown = ExpressionDocument.examples.map { "\($0.name) \($0.source)" }.joined(separator: "\n")
    let absent = Expression.functionNames.filter { !shown.contains("\($0)(") }
    #expect(absent.isEmpty)
    #expect(ExpressionDocument.examples.count > 100)
  }
}

enum ExpressionDocument {
  static let text: String = {
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
    let path = root.joined(separator: "/") + "/docs/EXPRESSIONS.md"
    return ConformanceCases.bytes(of: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }()

  /// The rows of three cells whose second is code.
  static let examples: [DocumentTests.Example] = text.split(separator: "\n").compactMap { line in
    let cells = cells(String(line))
    guard cells.count == 3, let source = code(cells[1]), cells[2] == "error" || code(cells[2]) != nil else {
      return nil
    }
    return DocumentTests.Example(name: cells[0], source: source, result: code(cells[2]) ?? "error")
  }

  private static func cells(_ line: String) -> [String] {
    guard line.hasPrefix("| "), line.hasSuffix(" |") else { return [] }
    var cells = [""]
    var isEscaped = false
    for letter in line.dropFirst(2).dropLast(2) {
      if letter == "|", !isEscaped {
        cells.append("")
      } else if letter == "|" {
        cells[cells.count - 1].removeLast()
        cells[cells.count - 1].append(letter)
      } else {
        cells[cells.count - 1].append(letter)
      }
      isEscaped = letter == "\\"
    }
    return cells.map { cell in
      var cell = cell[...]
      while cell.first == " " { cell.removeFirst() }
      while cell.last == " " { cell.removeLast() }
      return String(cell)
    }
  }

  /// What stands in backquotes, one pair or two.
  private static func code(_ cell: String) -> String? {
    if cell.hasPrefix("`` "), cell.hasSuffix(" ``"), cell.count > 6 {
      return String(cell.dropFirst(3).dropLast(3))
    }
    guard cell.hasPrefix("`"), !cell.hasPrefix("``") else {
      return cell.hasPrefix("``") && cell.hasSuffix(" ``") ? String(cell.dropFirst(2).dropLast(3)) : nil
    }
    guard cell.hasSuffix("`"), cell.count > 2 else { return nil }
    return String(cell.dropFirst().dropLast())
  }
}
