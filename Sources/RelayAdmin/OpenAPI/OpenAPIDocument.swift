internal import RelayDocuments

/// The OpenAPI 3.1 description of the interface, written from the table that dispatches: what it does not
/// name is not answered, and what is answered it names.
struct OpenAPIDocument {
  let routes: [Route]
  let version: String

  var json: JSON {
    [
      "openapi": "3.1.0",
      "info": [
        "title": "Petrel admin API", "version": .string(version),
        "license": ["name": "MIT", "identifier": "MIT"],
        "description": "Looks at a running relay and controls it. Errors are problem documents (RFC 9457).",
      ],
      "servers": [["url": "/"]],
      "security": [["token": []]],
      "tags": .array(tags.map { ["name": .string($0)] }),
      "paths": paths,
      "components": [
        "securitySchemes": [
          "token": [
            "type": "http", "scheme": "bearer",
            "description": "Made by `petrel tokens create --role admin|operator|viewer`.",
          ]
        ],
        "schemas": .object(JSONObject(Schemas.all.map { ($0.name, $0.schema.json) })),
        "responses": ["Problem": Self.problem],
      ],
    ]
  }

  private var tags: [String] {
    routes.reduce(into: []) { tags, route in
      if !tags.contains(route.tag) { tags.append(route.tag) }
    }
  }

  private var paths: JSON {
    var paths = JSONObject()
    for route in routes {
      var item = paths[route.path.text]?.object ?? JSONObject()
      item[route.method.rawValue.lowercased()] = operation(route)
      paths[route.path.text] = .object(item)
    }
    return .object(paths)
  }

  private func operation(_ route: Route) -> JSON {
    var operation = JSONObject([
      ("operationId", .string(route.operation)), ("summary", .string(route.summary)),
      ("tags", [.string(route.tag)]),
    ])
    if let role = route.role {
      operation["description"] = .string("Takes a token of the role \(role.rawValue) or above.")
    } else {
      operation["security"] = []
    }
    let parameters = route.path.names.map(Self.pathParameter) + route.parameters.map(Self.queryParameter)
    if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
    if let body = route.body {
      operation["requestBody"] = [
        "required": true, "content": ["application/json": ["schema": body.json]],
      ]
    }
    operation["responses"] = Self.responses(route.answer)
    return .object(operation)
  }

  private static func pathParameter(_ name: String) -> JSON {
    ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
  }

  private static func queryParameter(_ parameter: Route.Parameter) -> JSON {
    [
      "name": .string(parameter.name), "in": "query", "description": .string(parameter.summary),
      "schema": parameter.schema.json,
    ]
  }

  private static func responses(_ answer: Route.AnswerKind) -> JSON {
    let problem: JSON = ["$ref": "#/components/responses/Problem"]
    let (status, done): (String, JSON) =
      switch answer {
      case .json(let status, let schema):
        ("\(status)", ["description": "Done.", "content": ["application/json": ["schema": schema.json]]])
      case .text(let type):
        (
          "200",
          ["description": "Done.", "content": .object(JSONObject([(type, ["schema": ["type": "string"]])]))]
        )
      case .bytes:
        ("200", ["description": "Done.", "content": ["application/octet-stream": [:]]])
      case .nothing: ("204", ["description": "Done."])
      }
    return .object(JSONObject([(status, done), ("default", problem)]))
  }

  private static let problem: JSON = [
    "description": "Not done, and why.",
    "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
  ]
}
