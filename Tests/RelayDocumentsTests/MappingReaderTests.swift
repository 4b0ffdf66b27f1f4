import RelayDocuments
import RelayModel
import Testing

@Suite struct MappingReaderTests {
  private enum Colour: String, CaseIterable { case red, green }

  private func reader(_ text: String) throws -> MappingReader {
    let node = try DocumentNode.parse(yaml: Array(text.utf8), file: "p.yaml")
    return MappingReader(node, Diagnostics(file: "p.yaml"))
  }

  private func messages(_ reader: MappingReader) -> [String] { reader.diagnostics.all.map(\.description) }

  @Test func `members of every kind are read`() throws {
    let reader = try reader(
      "s: x\nb: true\ni: 5\nf: 1.5\nd: 30s\nz: 8MiB\nc: green\nl: [a, b]\nm: {k: v}\nn:")
    #expect(reader.string("s") == "x")
    #expect(reader.bool("b") == true)
    #expect(reader.int("i", in: 1...9) == 5)
    #expect(reader.double("f", in: 0...2) == 1.5)
    #expect(reader.duration("d") == .seconds(30))
    #expect(reader.size("z") == .mebibytes(8))
    #expect(reader.choice("c", of: Colour.self) == .green)
    #expect(reader.strings("l") == ["a", "b"])
    #expect(reader.mapping("m")?.string("k") == "v")
    #expect(reader.string("n") == nil)
    #expect(reader.has("n") == false)
    reader.finish()
    #expect(messages(reader) == [])
  }

  @Test func `all that is wrong is reported at once with its place`() throws {
    let reader = try reader("s: 5\nb: 'yes'\ni: 12\nd: 30\nz: 8MB\nc: gren\nl: x\nm: []\nverfy: 1")
    _ = reader.string("s")
    _ = reader.bool("b")
    _ = reader.int("i", in: 1...9)
    _ = reader.duration("d")
    _ = reader.size("z")
    _ = reader.choice("c", of: Colour.self)
    _ = reader.list("l")
    _ = reader.mapping("m")
    _ = reader.string("need", required: true)
    _ = reader.node("verify")
    reader.finish()
    #expect(
      messages(reader) == [
        "p.yaml:1:1: need is missing",
        "p.yaml:1:4: s must be a string, not 5",
        "p.yaml:2:4: b must be true or false, not a string",
        "p.yaml:3:4: i must be a whole number from 1 to 9, not 12",
        "p.yaml:4:4: d must be a duration such as 30s (ms, s, m, h, d), not 30",
        "p.yaml:5:4: z must be a size such as 8MiB (B, KiB, MiB, GiB), not a string",
        "p.yaml:6:4: c must be one of red, green; did you mean \"green\"?",
        "p.yaml:7:4: l must be a list, not a string",
        "p.yaml:8:4: m must be a mapping, not a list",
        "p.yaml:9:1: unknown key \"verfy\"; did you mean \"verify\"?",
      ])
  }

  @Test func `a range is told in the words of the file`() throws {
    let reader = try reader("d: 5d\nz: 1KiB")
    #expect(reader.duration("d", in: .seconds(1) ... .seconds(86_400)) == nil)
    #expect(reader.size("z", in: .kibibytes(4)...(.mebibytes(1))) == nil)
    #expect(
      messages(reader) == [
        "p.yaml:1:4: d must lie between 1s and 1d", "p.yaml:2:4: z must lie between 4KiB and 1MiB",
      ])
  }

  @Test func `a nested mapping names itself in messages`() throws {
    let reader = try reader("hooks:\n  github: {verfy: 1}\n  other: 5")
    let hooks = try #require(reader.mapping("hooks"))
    hooks.each { member, path in
      let hook = MappingReader(member.value, path: path, reader.diagnostics)
      _ = hook.node("verify")
      hook.finish()
    }
    hooks.finish()
    #expect(
      messages(reader) == [
        "p.yaml:2:12: unknown key \"verfy\" in hooks.github; did you mean \"verify\"?",
        "p.yaml:3:10: hooks.other must be a mapping, not a number",
      ])
    #expect(reader.diagnostics.hasErrors)
  }
}
