import RelayDocuments
import RelayWorkflow
import Testing

@Suite struct WorkflowSchemaTests {
  /// Documents that have every key together.
  private static let complete: [JSON] = {
    do {
      return try CompleteWorkflows.texts.map { try JSON.parse(text: $0) }
    } catch {
      return []
    }
  }()

  private let agreement = SchemaAgreement(validator: SchemaValidator(schema: Workflow.schema)) { document in
    let diagnostics = Diagnostics(file: "w.json")
    let workflow = Workflow(document: document.serialized(), diagnostics)
    #expect((workflow == nil) == diagnostics.hasErrors)
    return diagnostics.all.filter { $0.severity == .error }.map(\.message)
  }

  @Test func `the documents have every key of the schema`() {
    #expect(SchemaAgreement.unwritten(in: Self.complete, of: Workflow.schema) == [])
  }

  @Test(arguments: complete)
  func `reader and schema refuse the same documents`(document: JSON) { agreement.expect(around: document) }
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
