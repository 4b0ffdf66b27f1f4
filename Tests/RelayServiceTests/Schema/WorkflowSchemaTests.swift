import RelayDocuments
import RelayWorkflow
import Testing

/// The schema and the reader are made of the same keys. Here they are held against each other by what they say
/// of documents.
@Suite struct WorkflowSchemaTests {
  private let validator = SchemaValidator(schema: Workflow.schema)

  /// Documents that have every key together.
  private static let complete: [JSON] = {
    do {
      return try CompleteWorkflows.texts.map { try JSON.parse(text: $0) }
    } catch {
      return []
    }
  }()

  private func complaints(of document: JSON) -> [String] {
    let diagnostics = Diagnostics(file: "w.json")
    let workflow = Workflow(document: document.serialized(), diagnostics)
    #expect((workflow == nil) == diagnostics.hasErrors)
    return diagnostics.all.filter { $0.severity == .error }.map(\.message)
  }

  @Test(arguments: complete)
  func `a document with many keys is taken by both`(document: JSON) {
    #expect(complaints(of: document) == [])
    #expect(validator.complaints(about: document) == [])
  }

  @Test func `the documents have every key of the schema`() {
    var written: Set<String> = []
    for document in Self.complete { collect(document, &written) }
    #expect(names(in: Workflow.schema).subtracting(written) == [])
  }

  @Test(arguments: complete)
  func `what one of them refuses by its shape, the other refuses`(document: JSON) {
    for changed in Mutations.all(of: document) {
      let told = complaints(of: changed)
      let seen = validator.complaints(about: changed)
      if !seen.isEmpty, told.isEmpty {
        Issue.record("the reader takes \(changed.text), the schema does not: \(seen)")
      }
      if seen.isEmpty, told.contains(where: Self.isOfShape) {
        Issue.record("the schema takes \(changed.text), the reader does not: \(told)")
      }
    }
  }

  /// Whether a complaint is about keys and kinds, not about what they mean, nor about the arguments of a
  /// transform, which it judges itself.
  private static func isOfShape(_ complaint: String) -> Bool {
    if complaint.contains(".transforms[") { return false }
    return complaint.hasPrefix("unknown key") || complaint.hasSuffix(" is missing")
      || complaint.contains(/\ (must hold|needs exactly one|has more than one body|must be one of)/)
      || complaint.contains(/\ must be (a|true|a list of) .*, not [^ ]/)
  }

  private func collect(_ value: JSON, _ names: inout Set<String>) {
    for member in value.object?.members ?? [] {
      names.insert(member.name)
      collect(member.value, &names)
    }
    for element in value.array ?? [] { collect(element, &names) }
  }

  /// The names of all properties.
  private func names(in schema: JSON) -> Set<String> {
    var names = Set(schema["properties"]?.object?.members.map(\.name) ?? [])
    for member in schema.object?.members ?? [] { names.formUnion(self.names(in: member.value)) }
    for element in schema.array ?? [] { names.formUnion(self.names(in: element)) }
    return names
  }
}

/// Documents that, together, have every key.
enum CompleteWorkflows {
  static let texts = [
    #"""
    {
      "$schema": "urn:petrel:schema:workflow", "name": "all-of-it",
      "on": { "hook": "shop", "if": "event.type == 'order'", "priority": 5, "order": "event.body.id",
        "debounce": { "key": "event.body.id", "for": "1s", "max": "1m" } },
      "retry": { "initial": "1s", "factor": 2, "max": "1h", "jitter": "full", "for": "7d", "attempts": 9 },
      "concurrency": { "key": "event.body.id", "limit": 3 },
      "steps": [
        { "id": "a", "name": "First", "if": "true", "retry": { "jitter": "none" }, "timeout": "9s",
          "continueOnError": true, "set": { "x": "{{ event.body.x }}" } },
        { "id": "b", "map": [
          { "to": "x", "from": "event.body.x", "transforms": ["trim", { "join": ", " }], "default": null,
            "required": false, "onError": "null" },
          { "to": "y", "value": 1 } ] },
        { "id": "c", "forward": { "url": "https://a.example/", "headers": { "X-A": "1" },
          "sign": { "provider": "standard-webhooks", "type": "hmac", "secret": "env:A" } } },
        { "id": "d", "run": { "workflow": "other", "with": { "x": 1 } } },
        { "id": "e", "code": { "lua": "return 1", "with": { "x": 1 }, "memory": "2MiB" } },
        { "id": "f", "code": "return 1" },
        { "id": "g", "respond": { "status": 201, "headers": { "X-A": "1" }, "json": { "a": 1 } } },
        { "id": "h", "respond": { "status": "{{ 200 }}", "text": "x" } },
        { "id": "i", "respond": { "body": "x" } }
      ],
      "onFailure": [ { "id": "z", "fail": { "message": "{{ failure.message }}" } } ]
    }
    """#,
    #"""
    {
      "name": "requests", "on": { "hook": "shop", "throttle": { "key": "event.body.id", "limit": 2, "per": "1m" } },
      "steps": [
        { "id": "a", "http": { "method": "PUT", "url": "https://a.example/", "query": { "q": ["x", 1] },
          "headers": { "X-A": "1", "X-B": 2, "X-C": true }, "json": [1], "auth": { "bearer": "env:A" },
          "expect": "response.status == 201", "follow": true } },
        { "id": "b", "http": { "url": "https://a.example/", "form": { "a": 1 },
          "auth": { "basic": { "username": "u", "password": "env:A" } } } },
        { "id": "c", "http": { "url": "https://a.example/", "multipart": { "a": "x",
          "b": { "content": "x", "filename": "b.txt", "type": "text/plain" } },
          "auth": { "header": { "name": "X-Key", "value": "vault:a" } } } },
        { "id": "d", "http": { "url": "https://a.example/", "text": "x",
          "auth": { "query": { "name": "key", "value": "file:/a" } } } },
        { "id": "e", "http": { "url": "https://a.example/", "body": "{{ event.raw }}" } }
      ]
    }
    """#,
    #"""
    {
      "name": "blocks",
      "steps": [
        { "id": "a", "switch": [ { "if": "event.body.x == 1", "steps": [ { "id": "b", "set": {} } ] },
          { "steps": [ { "id": "b", "stop": "done" } ] } ] },
        { "id": "c", "forEach": { "in": "[1, 2]", "as": "n", "concurrency": 2,
          "steps": [ { "id": "b", "set": { "n": "{{ n }}" } } ] } },
        { "id": "d", "parallel": { "left": [ { "id": "b", "set": {} } ], "right-1": [ { "id": "b", "set": {} } ] } },
        { "id": "e", "wait": "1s" },
        { "id": "f", "wait": { "until": 1790000000 } },
        { "id": "g", "wait": { "event": { "hook": "shop", "key": "event.body.a", "equals": "event.body.b",
          "if": "event.type == 'x'" }, "timeout": "1m" } },
        { "id": "h", "wait": { "approval": { "title": "x", "message": "y" }, "timeout": "1m" } },
        { "id": "i", "stop": { "message": "x" } }
      ]
    }
    """#,
  ]
}
