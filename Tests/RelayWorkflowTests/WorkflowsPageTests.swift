import Glibc
import RelayDocuments
import RelayWorkflow
import Testing

/// docs/WORKFLOWS.md shows documents and steps; each of its snippets is read as the relay reads it.
@Suite struct WorkflowsPageTests {
  /// Snippets that begin with an `id` are steps, or several in a row.
  private func document(_ snippet: String) -> String {
    guard snippet.hasPrefix(#"{ "id""#) else { return snippet }
    return """
      {"name":"sample","on":{"hook":"inbox"},"steps":[
        {"id":"first","set":{}},\(snippet.trimmingComma)]}
      """
  }

  @Test(arguments: WorkflowsPage.snippets)
  func `a snippet of the page is a sound document`(snippet: String) throws {
    let diagnostics = Diagnostics(file: "docs/WORKFLOWS.md")
    let workflow = Workflow(document: Array(document(snippet).utf8), diagnostics)
    #expect(workflow != nil, "\(diagnostics.all)")
  }

  @Test func `the page has its snippets`() {
    #expect(WorkflowsPage.snippets.count > 3)
  }
}

enum WorkflowsPage {
  /// What stands between fences of `json`.
  static let snippets: [String] = {
    var found: [String] = []
    var open: [Substring]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "```json" {
        open = []
      } else if line == "```", let lines = open {
        found.append(lines.joined(separator: "\n"))
        open = nil
      } else {
        open?.append(line)
      }
    }
    return found
  }()

  private static let text: String = {
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    let path = root.joined(separator: "/") + "/docs/WORKFLOWS.md"
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }()
}

extension String {
  fileprivate var trimmingComma: Substring { hasSuffix(",") ? dropLast() : self[...] }
}
