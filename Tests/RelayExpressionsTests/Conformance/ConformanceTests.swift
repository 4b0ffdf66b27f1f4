import Glibc
import RelayDocuments
import RelayExpressions
import Testing

/// The published language's own cases, where they lie beside the repository.
@Suite(.enabled(if: ConformanceCases.exist)) struct ConformanceTests {
  /// The cases that do not pass, each with its reason in docs/EXPRESSIONS.md.
  private static let exceptions: Set<String> = []

  @Test func `every case of the published language has its result`() throws {
    TestZones.install()
    let cases = try ConformanceCases.read()
    #expect(cases.count > 500)
    for one in cases where !Self.exceptions.contains(one["expr"]?.string ?? "") {
      if let complaint = Self.complaint(about: one) {
        Issue.record("\(one["file"]?.string ?? ""): \(one["expr"]?.string ?? ""): \(complaint)")
      }
    }
  }

  private static func complaint(about one: JSON) -> String? {
    var bindings: [String: Value] = [:]
    for (name, value) in one["bindings"]?.object?.members ?? [] { bindings[name] = TypedValue.value(value) }
    let found: Value
    do {
      found = try Expression(parsing: one["expr"]?.string ?? "").evaluate(in: Bindings(bindings))
    } catch {
      return one["expect"] == nil ? nil : "\(error)"
    }
    guard let wanted = one["expect"] else { return "no error, but \(TypedValue.json(found).text)" }
    guard let value = TypedValue.value(wanted) else { return "the case is no typed value" }
    let plain = TypedValue.json(found)
    let isSame =
      plain["type"] == wanted["type"]
      && (TypedValue.value(plain)?.isEqual(to: value) == true || plain == wanted)
    return isSame ? nil : "found \(plain.text), wanted \(wanted.text)"
  }
}

enum ConformanceCases {
  private static var path: String {
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
    return (environment("PETREL_SHARED") ?? root.joined(separator: "/") + "/../shared")
      + "/cel/conformance.json"
  }

  static var exist: Bool { unsafe access(path, R_OK) == 0 }

  static func read() throws -> [JSON] { try JSON.parse(try #require(bytes(of: path))).array ?? [] }

  private static func environment(_ name: String) -> String? {
    guard let text = unsafe getenv(name) else { return nil }
    return unsafe String(cString: text)
  }

  static func bytes(of path: String) -> [UInt8]? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { _ = unsafe fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe fread(&piece, 1, piece.count, file)
      guard count > 0 else { return bytes }
      bytes += piece[..<count]
    }
  }
}

/// The system's zones, for tests.
enum TestZones {
  static func install() { TimeZones.install { ConformanceCases.bytes(of: "/usr/share/zoneinfo/\($0)") } }
}
