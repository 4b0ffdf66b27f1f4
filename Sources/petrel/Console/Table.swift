/// Aligned columns without boxes.
struct Table {
  /// One cell: its text, and how it is painted once it is padded.
  struct Cell {
    let text: String
    let paint: (String) -> String

    init(_ text: String, paint: @escaping (String) -> String = { $0 }) {
      self.text = text
      self.paint = paint
    }
  }

  private let titles: [String]
  private var rows: [[Cell]] = []

  init(_ titles: String...) { self.titles = titles }

  mutating func add(_ cells: Cell...) {
    precondition(cells.count == titles.count, "a row has a cell for each column")
    rows.append(cells)
  }

  /// The lines, each cut to `width` columns at its last cell; nil cuts nothing.
  func text(width: Int?) -> String {
    let all = [titles.map { Cell($0) }] + rows
    let widths = titles.indices.map { column in all.map { $0[column].text.count }.max() ?? 0 }
    return all.map { line($0, widths, width) }.joined(separator: "\n")
  }

  private func line(_ cells: [Cell], _ widths: [Int], _ limit: Int?) -> String {
    var line = ""
    var used = 0
    for (index, cell) in cells.enumerated() {
      let isLast = index == cells.count - 1
      var text = cell.text
      if isLast, let limit, used + text.count > limit { text = text.cut(to: max(1, limit - used)) }
      line += cell.paint(text)
      if !isLast {
        line += String(repeating: " ", count: widths[index] - text.count + 2)
        used += widths[index] + 2
      }
    }
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}

extension String {
  /// At most `count` characters, the last one `…` where something was cut.
  func cut(to count: Int) -> String { self.count <= count ? self : String(prefix(max(0, count - 1))) + "…" }
}
