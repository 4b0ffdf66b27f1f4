import Testing

/// One rule over the lines of the tree: words that must not stand in a kind of file.
struct HouseRule: Sendable, CustomTestStringConvertible {
  let name: String
  let sentence: String
  /// Which files it covers, by path.
  let covers: @Sendable (String) -> Bool
  /// What breaks it, given one line without its comment.
  let breaks: @Sendable (String) -> Bool

  var testDescription: String { name }

  func offences(in file: SourceFile) -> [String] {
    guard covers(file.path) else { return [] }
    return file.lines.enumerated().compactMap { index, line in
      breaks(line) ? "\(file.path):\(index + 1): \(line)" : nil
    }
  }

  private static func shipped(_ path: String) -> Bool {
    path.hasPrefix("Sources/") && path.hasSuffix(".swift")
  }

  private static func swift(_ path: String) -> Bool { path.hasSuffix(".swift") }

  static let all: [HouseRule] = [
    HouseRule(
      name: "no force", sentence: "An error is handled or returned; nothing is unwrapped by force.",
      covers: shipped, breaks: { $0.contains(" try!") || $0.contains(" as!") || $0.hasPrefix("try!") }),
    HouseRule(
      name: "no crash", sentence: "A programmer's error is a precondition with a sentence.",
      covers: shipped, breaks: { $0.contains("fatalError(") }),
    HouseRule(
      name: "no marks", sentence: "No unfinished work is left in the tree.",
      covers: { swift($0) && !$0.contains("HouseRules") },
      breaks: { line in ["TODO", "FIXME", "XXX:"].contains { line.contains($0) } }),
    HouseRule(
      name: "no Foundation", sentence: "Foundation adds 40 MB to the binary and is slow on bytes.",
      covers: shipped,
      breaks: { $0.hasSuffix("import Foundation") || $0.hasSuffix("import FoundationEssentials") }),
    HouseRule(
      name: "no print", sentence: "What runs as a service logs through its log.",
      covers: { shipped($0) && !$0.hasPrefix("Sources/petrel/") },
      breaks: { $0.contains(" print(") || $0.hasPrefix("print(") }),
    HouseRule(
      name: "no sleep", sentence: "Nothing sleeps: waits end by a condition or at a deadline.",
      covers: shipped,
      breaks: { line in ["usleep(", "nanosleep(", "Task.sleep", " sleep("].contains { line.contains($0) } }),
    HouseRule(
      name: "no public", sentence: "The product is an executable: access between modules is `package`.",
      covers: shipped,
      breaks: { line in
        line.split(separator: " ").first == "public"
          && !line.contains("import ")
      }),
    HouseRule(
      name: "no dropped error", sentence: "`try?` drops the reason of a failure.",
      covers: shipped, breaks: { $0.hasPrefix("try?") || $0.contains(" try?") || $0.contains("(try?") }),
    HouseRule(
      name: "no detached task", sentence: "Long-lived work runs on named threads.",
      covers: shipped, breaks: { $0.contains("Task.detached") || $0.contains("Task {") }),
    HouseRule(
      name: "no lazy durability", sentence: "A sync is never skipped in what ships.",
      covers: shipped,
      breaks: { line in
        ["MDB_NOMETASYNC", "MDB_MAPASYNC", "MDB_WRITEMAP"].contains { line.contains($0) }
      }),
  ]
}

/// A test function whose `@Test` was forgotten runs never and warns nobody.
enum UnmarkedTest {
  static func offences(in file: SourceFile) -> [String] {
    guard file.path.hasPrefix("Tests/") else { return [] }
    return file.lines.enumerated().compactMap { index, line in
      guard line.drop(while: { $0 == " " }).hasPrefix("func `") else { return nil }
      let above = file.lines[..<index].reversed().prefix { !$0.contains("func ") && !$0.contains("}\n") }
      return above.contains { $0.contains("@Test") }
        ? nil : "\(file.path):\(index + 1): a test without @Test: \(line)"
    }
  }
}
