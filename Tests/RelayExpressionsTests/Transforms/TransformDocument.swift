import Glibc
import RelayDocuments
import Testing

/// docs/TRANSFORMS.md, read: its headings and its examples.
struct TransformDocument {
  struct Example: Sendable, CustomTestStringConvertible {
    let row: Int
    /// As written; `missing` for none.
    let value: String
    let transform: String
    /// JSON, `missing`, or `error: ` and a part of the message.
    let result: String

    var testDescription: String { "\(row): \(value) \(transform)" }
  }

  /// `1. trim(chars?)`, without the marks.
  private(set) var headings: [String] = []
  private(set) var examples: [Example] = []

  init() {
    let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
    self.init(text: Self.read("\(root)/docs/TRANSFORMS.md"))
  }

  init(text: String) {
    var row = 0
    for line in text.split(separator: "\n") {
      if line.hasPrefix("## ") {
        headings.append(String(line.dropFirst(3)))
        row = Int(line.dropFirst(3).prefix { $0 != "." }) ?? 0
      }
      let cells = line.split(separator: " | ").map { cell in
        cell.drop { $0 == "|" || $0 == " " }.trimmingEnd("| ")
      }
      guard line.hasPrefix("| "), cells.count == 3, cells[0] != "value", cells[0] != "---" else { continue }
      examples.append(
        Example(
          row: row, value: Self.code(cells[0]), transform: Self.code(cells[1]), result: Self.code(cells[2])))
    }
  }

  private static func code(_ cell: Substring) -> String {
    cell.first == "`" ? String(cell.dropFirst().dropLast()) : String(cell)
  }

  private static func read(_ path: String) -> String {
    guard let file = unsafe fopen(path, "rb") else { return "" }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(contentsOf: buffer[..<count])
    }
  }
}

extension Substring {
  fileprivate func trimmingEnd(_ marks: String) -> Substring {
    var text = self
    while let last = text.last, marks.contains(last) { text.removeLast() }
    return text
  }
}
