import RelayDocuments
import RelayService
import Testing

@Suite struct WorkflowSchemaTests {
  private static let repository = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()

  @Test func `the schema that the command prints is the one in the repository`() throws {
    let file = try LocalFile.read("\(Self.repository)/config/schema/workflow.schema.json")
    #expect(String(decoding: file, as: UTF8.self) == WorkflowSchema.text + "\n")
  }

  @Test func `the schema is JSON, and refers only to what it defines`() throws {
    let schema = try JSON.parse(text: WorkflowSchema.text)
    let defined = schema["$defs"]?.object?.members.map { "#/$defs/\($0.name)" } ?? []
    for reference in references(in: schema) { #expect(defined.contains(reference)) }
  }

  @Test func `the example is a workflow by the schema's members`() throws {
    let example = try JSON.parse(try LocalFile.read("\(Self.repository)/config/workflows/hello.json"))
    let known = try JSON.parse(text: WorkflowSchema.text)["properties"]?.object?.members.map(\.name) ?? []
    for member in example.object?.members ?? [] { #expect(known.contains(member.name)) }
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
