import Glibc
import Testing

/// The rules that no compiler checks, each over the whole tree. `RulesBiteTests` shows each of them red.
@Suite struct HouseRulesTests {
  @Test(arguments: HouseRule.all)
  func `the tree keeps the rule`(rule: HouseRule) throws {
    let offences = try SourceTree.repository().files.flatMap { rule.offences(in: $0) }
    #expect(offences.isEmpty, "\(rule.sentence)\n\(offences.joined(separator: "\n"))")
  }

  @Test func `a module imports only the floors below it`() throws {
    let offences = try SourceTree.repository().files.flatMap(Floors.offences(in:))
    #expect(offences.isEmpty, "\(offences.joined(separator: "\n"))")
  }

  @Test func `a C library has one importer`() throws {
    let offences = Floors.sharedLibraries(in: try SourceTree.repository().files)
    #expect(offences.isEmpty, "\(offences.joined(separator: "\n"))")
  }

  @Test func `every test function is marked as one`() throws {
    let offences = try SourceTree.repository().files.flatMap(UnmarkedTest.offences(in:))
    #expect(offences.isEmpty, "\(offences.joined(separator: "\n"))")
  }
}

/// Each rule refuses a file that breaks it: a rule that cannot fail guards nothing.
@Suite struct RulesBiteTests {
  @Test(arguments: [
    ("no force", "let a = try! f()"), ("no crash", "fatalError(\"x\")"), ("no marks", "// TODO: later"),
    ("no Foundation", "import Foundation"), ("no print", "print(\"log\")"),
    ("no sleep", "usleep(10)"), ("no public", "public struct A {}"),
    ("no dropped error", "try? f()"), ("no detached task", "Task.detached { }"),
    ("no lazy durability", "flags |= MDB_NOMETASYNC"),
  ])
  func `a line that breaks the rule is an offence`(name: String, line: String) throws {
    let rule = try #require(HouseRule.all.first { $0.name == name })
    let file = SourceFile(path: "Sources/RelayModel/Sample.swift", text: line + "\n")
    #expect(rule.offences(in: file).count == 1)
  }

  @Test func `an import of a higher floor is an offence`() {
    let file = SourceFile(path: "Sources/RelayModel/Sample.swift", text: "internal import RelayStore\n")
    #expect(Floors.offences(in: file).count == 1)
  }

  @Test func `an import of a stage by a stage is an offence`() {
    let file = SourceFile(path: "Sources/RelayEngine/Sample.swift", text: "import RelayIngress\n")
    #expect(Floors.offences(in: file).count == 1)
  }

  @Test func `a second importer of a C library is an offence`() {
    let files = ["RelayStore", "RelayHTTP"].map {
      SourceFile(path: "Sources/\($0)/Sample.swift", text: "internal import CLMDB\n")
    }
    #expect(Floors.sharedLibraries(in: files).count == 1)
  }

  @Test func `a sentence without a mark is an offence`() {
    let file = SourceFile(path: "Tests/ATests/Sample.swift", text: "  func `it works`() {}\n")
    #expect(UnmarkedTest.offences(in: file).count == 1)
    let marked = SourceFile(path: "Tests/ATests/Sample.swift", text: "  @Test func `it works`() {}\n")
    #expect(UnmarkedTest.offences(in: marked).isEmpty)
  }
}
