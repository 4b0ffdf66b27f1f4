import RelayDocuments
import RelayService
import Testing

/// `config/schema` holds what `petrel check --schema` prints.
@Suite struct PublishedSchemaTests {
  @Test(arguments: PublishedSchema.allCases)
  func `the schema that the command prints is the one in the repository`(schema: PublishedSchema) throws {
    let file = try LocalFile.read("\(Repository.root)/config/schema/\(schema.fileName)")
    #expect(String(decoding: file, as: UTF8.self) == schema.text + "\n")
  }

  @Test(arguments: PublishedSchema.allCases)
  func `a schema refers only to what it defines, and defines nothing else`(schema: PublishedSchema) throws {
    let schema = try JSON.parse(text: schema.text)
    let defined = schema["$defs"]?.object?.members.map { "#/$defs/\($0.name)" } ?? []
    #expect(Set(references(in: schema)) == Set(defined))
  }

  @Test func `workflows of the repository are so by the schema`() throws {
    let validator = SchemaValidator(schema: try JSON.parse(text: PublishedSchema.workflow.text))
    #expect(Repository.workflows.count > 10)
    for file in Repository.workflows {
      let document = try JSON.parse(try LocalFile.read(file))
      #expect(validator.complaints(about: document) == [], "\(file)")
    }
  }

  @Test func `configurations of the repository are so by the schema`() throws {
    let validator = SchemaValidator(schema: try JSON.parse(text: PublishedSchema.configuration.text))
    #expect(Repository.configurations.count > 10)
    for file in Repository.configurations {
      let document = try DocumentNode.parse(yaml: try LocalFile.read(file), file: file)
      #expect(validator.complaints(about: document.json) == [], "\(file)")
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

  /// Every configuration that is there to be read or copied.
  static let configurations =
    ["\(root)/config/petrel.yaml"]
    + files(in: "\(root)/examples").filter { !$0.hasSuffix(".md") }.map { "\($0)/petrel.yaml" }

  private static func files(in folder: String) -> [String] {
    do {
      return try LocalFile.names(in: folder).map { "\(folder)/\($0)" }
    } catch {
      return []
    }
  }
}
