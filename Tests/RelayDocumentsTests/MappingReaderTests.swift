import RelayDocuments
import RelayModel
import Testing

@Suite struct MappingReaderTests {
  private enum Colour: String, CaseIterable { case red, green }

  private enum Keys {
    static let text = Key("s", .text, "A string.")
    static let flag = Setting("b", .flag, default: false, "A bool.")
    static let integer = Key("i", .integer(in: 1...9), "A whole number.")
    static let number = Key("f", .number(in: 0...2), "A number.")
    static let duration = Key("d", .duration(in: .seconds(1) ... .seconds(86_400)), "A duration.")
    static let size = Key("z", .size(in: .kibibytes(4)...(.mebibytes(9))), "A size.")
    static let choice = Setting("c", .choice(of: Colour.self), default: .red, "A choice.")
    static let list = Key("l", .list(of: .text), "A list.")
    static let inner = Key("m", Shape([text]), "A mapping.")
    static let either = Key("e", .either(.text, or: Shape([text])), "A string or a mapping.")
    static let word = Key("w", WordForm(first: "a-z", rest: "a-z_-", "must be a word"), "A name.")
    static let missing = Key("need", .text, required: true, "Required.")
    static let nothing = Key("n", .anything, "Anything.")

    static let shape = Shape([
      text, flag, integer, number, duration, size, choice, list, inner, either, word, missing, nothing,
    ])
  }

  private func reader(_ text: String) throws -> MappingReader {
    let node = try DocumentNode.parse(yaml: Array(text.utf8), file: "p.yaml")
    return MappingReader(node, of: Keys.shape, Diagnostics(file: "p.yaml"))
  }

  private func messages(_ reader: MappingReader) -> [String] { reader.diagnostics.all.map(\.description) }

  @Test func `members of every kind are read`() throws {
    let reader = try reader(
      "need: y\ns: x\nb: true\ni: 5\nf: 1.5\nd: 30s\nz: 8MiB\nc: green\nl: [a, b]\nm: {s: v}\nn:\nw: a-b_c")
    #expect(reader.read(Keys.text) == "x")
    #expect(reader.read(Keys.flag))
    #expect(reader.read(Keys.integer) == 5)
    #expect(reader.read(Keys.number) == 1.5)
    #expect(reader.read(Keys.duration) == .seconds(30))
    #expect(reader.read(Keys.size) == .mebibytes(8))
    #expect(reader.read(Keys.choice) == .green)
    #expect(reader.read(Keys.list) == ["a", "b"])
    #expect(reader.read(Keys.inner)?.read(Keys.text) == "v")
    #expect(reader.read(Keys.word) == "a-b_c")
    #expect(reader.read(Keys.nothing) == nil)
    #expect(reader.readOrNull(Keys.nothing)?.node.isNull == true)
    #expect(!reader.has(Keys.nothing))
    reader.finish()
    #expect(messages(reader) == [])
  }

  @Test func `what is not written has its default, or nothing`() throws {
    let reader = try reader("need: x")
    #expect(reader.read(Keys.choice) == .red)
    #expect(!reader.read(Keys.flag))
    #expect(reader.read(Keys.text) == nil)
    #expect(reader.readOrNull(Keys.nothing) == nil)
    #expect(messages(reader) == [])
  }

  @Test func `all that is wrong is reported at once with its place`() throws {
    let reader = try reader(
      "s: 5\nb: 'yes'\ni: 12\nd: 30\nz: 8MB\nc: gren\nl: [a, 1]\nm: []\ntets: 1\nw: A\nf: 3\ne: 1")
    _ = reader.read(Keys.text)
    _ = reader.read(Keys.flag)
    _ = reader.read(Keys.integer)
    _ = reader.read(Keys.duration)
    _ = reader.read(Keys.size)
    _ = reader.read(Keys.choice)
    #expect(reader.read(Keys.list) == ["a"])
    #expect(reader.read(Keys.inner) == nil)
    _ = reader.read(Keys.missing)
    _ = reader.read(Keys.word)
    _ = reader.read(Keys.number)
    _ = reader.read(Keys.either)
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
        "p.yaml:7:8: l[1] must be a string, not 1",
        "p.yaml:8:4: m must be a mapping, not a list",
        "p.yaml:9:1: unknown key \"tets\"",
        "p.yaml:10:4: w must be a word",
        "p.yaml:11:4: f must be a number from 0.0 to 2.0, not 3",
        "p.yaml:12:4: e must be a string, not 1",
      ])
  }

  @Test func `a range is told in the words of the file`() throws {
    let reader = try reader("d: 5d\nz: 1KiB")
    #expect(reader.read(Keys.duration) == nil)
    #expect(reader.read(Keys.size) == nil)
    #expect(
      messages(reader) == [
        "p.yaml:1:4: d must lie between 1s and 1d", "p.yaml:2:4: z must lie between 4KiB and 9MiB",
      ])
  }

  @Test func `a nested mapping names itself in messages`() throws {
    let verify = Key("verify", .text, "")
    let hooks = Key("hooks", .members(of: Shape([verify])), "")
    let node = try DocumentNode.parse(
      yaml: Array("hooks:\n  github: {verfy: 1}\n  other: 5".utf8), file: "p.yaml")
    let reader = MappingReader(node, of: Shape([hooks]), Diagnostics(file: "p.yaml"))
    for hook in try #require(reader.read(hooks)) { hook.value.finish() }
    reader.finish()
    #expect(
      messages(reader) == [
        "p.yaml:2:12: unknown key \"verfy\" in hooks.github; did you mean \"verify\"?",
        "p.yaml:3:10: hooks.other must be a mapping, not a number",
      ])
    #expect(reader.diagnostics.hasErrors)
  }

  @Test func `a key that the language has and this version has not is told as such`() throws {
    let reader = try reader("need: x\nlater: 1\nbeside: 2")
    reader.refuse(["later"])
    reader.passOver(["beside"])
    reader.finish()
    #expect(messages(reader) == ["p.yaml:2:1: later is not supported by this version"])
  }
}
