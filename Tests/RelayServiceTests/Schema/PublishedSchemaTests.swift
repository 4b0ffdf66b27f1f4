import RelayDocuments
import RelayService
import Testing

/// `config/schema` holds what `petrel check --schema` prints.
@Suite struct PublishedSchemaTests {
  @Test func `the schema that the command prints is the one in the repository`() throws {
    let file = try LocalFile.read("\(Repository.root)/config/schema/workflow.schema.json")
    #expect(String(decoding: file, as: UTF8.self) == PublishedSchema.workflow.text + "\n")
  }

  @Test func `a schema refers only to what it defines, and defines nothing else`() throws {
    let schema = try JSON.parse(text: PublishedSchema.workflow.text)
    let defined = schema["$defs"]?.object?.members.map { "#/$defs/\($0.name)" } ?? []
    #expect(Set(references(in: schema)) == Set(defined))
  }

  @Test func `workflows of the repository are so by the schema`() throws {
    let validator = SchemaValidator(schema: try JSON.parse(text: PublishedSchema.workflow.text))
    let files = Repository.workflows
    #expect(files.count > 10)
    for file in files {
      let document = try JSON.parse(try LocalFile.read(file))
      #expect(validator.complaints(about: document) == [], "\(file)")
    }
  }

  private func references(in value: JSON) -> [String] {
    switch value {
    case .object(let object):
      object.members.flatMap { $0.name == "$ref" ? [$0.value.string ?? ""] : references(in: $0.value) }
    case .array(let elements): elements.flatMap(references(in:))
    case .null, .bool, .number, .string: []
    }
  }
}

/// The files around the sources.
enum Repository {
  static let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()

  /// Every workflow that is there to be read or copied.
  static let workflows: [String] = {
    let examples = files(in: "\(root)/examples").map { "\($0)/workflows" }
    return (["\(root)/config/workflows"] + examples).flatMap(files(in:)).filter { $0.hasSuffix(".json") }
  }()

  private static func files(in folder: String) -> [String] {
    do {
      return try LocalFile.names(in: folder).map { "\(folder)/\($0)" }
    } catch {
      return []
    }
  }
}
