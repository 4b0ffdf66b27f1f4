import RelayDocuments
import RelayModel
import Testing

@testable import RelayAdmin
@testable import RelayHTTP
@testable import RelayStore

@Suite struct OpenAPITests {
  private let document = OpenAPIDocument(routes: Routes.all, version: "1.2.3").json

  @Test func `the document is served to everybody`() throws {
    let response = try TestRelay().ask("GET", "/api/openapi.json", access: TestRelay.tokens)
    #expect(response.status == 200)
    #expect(try response.json["openapi"]?.string == "3.1.0")
    #expect(try response.json == document)
  }

  @Test func `every route is described, and nothing else`() throws {
    let described = try #require(document["paths"]?.object).members.flatMap { path in
      path.value.object?.members.map { "\($0.name.uppercased()) \(path.name)" } ?? []
    }
    #expect(described.sorted() == Routes.all.map { "\($0.method.rawValue) \($0.path.text)" }.sorted())
  }

  @Test func `operations have names of their own`() {
    #expect(Set(Routes.all.map(\.operation)).count == Routes.all.count)
  }

  @Test func `every named shape is there`() throws {
    let names = Schemas.all.map(\.name)
    #expect(Set(names).count == names.count)
    for reference in references(in: document) where reference.hasPrefix("#/components/schemas/") {
      #expect(names.contains(String(reference.dropFirst("#/components/schemas/".count))))
    }
  }

  @Test func `every name of a path is a parameter`() throws {
    for route in Routes.all where !route.path.names.isEmpty {
      let operation = document["paths"]?[route.path.text]?[route.method.rawValue.lowercased()]
      let names = operation?["parameters"]?.array?.filter { $0["in"]?.string == "path" }.compactMap {
        $0["name"]?.string
      }
      #expect(names == route.path.names)
    }
  }

  @Test func `the answers have the shapes that are described`() throws {
    let relay = try TestRelay()
    let accepted = try relay.accept(headers: [("X-A", "b")])
    try relay.fail(accepted.executions[0])
    _ = relay.ask("POST", "/api/tokens", ["role": "viewer"])
    _ = relay.ask("PUT", "/api/secrets/a", ["value": "b"])
    let (event, execution) = (relay.id(.event, accepted.event), relay.id(.execution, accepted.executions[0]))
    let asked: [(String, String, JSON?)] = [
      ("GET", "/api/status", nil), ("GET", "/api/stats", nil), ("GET", "/api/executions", nil),
      ("GET", "/api/executions/\(execution)", nil), ("GET", "/api/events", nil),
      ("GET", "/api/events/\(event)", nil), ("GET", "/api/dead-letters", nil), ("GET", "/api/tokens", nil),
      ("GET", "/api/secrets", nil), ("GET", "/api/workflows", nil), ("GET", "/api/hooks", nil),
      ("GET", "/api/audit", nil), ("POST", "/api/reload", nil), ("GET", "/api/rejected", nil),
      ("POST", "/api/executions/\(execution)/retry", [:]), ("POST", "/api/events/replay", [:]),
      ("POST", "/api/dead-letters/retry", [:]), ("POST", "/api/events/\(event)/replay", [:]),
      ("POST", "/api/workflows/execute", ["workflow": "alert", "event": ["a": 1]]),
      ("POST", "/api/backup", ["folder": .string(relay.fresh("copy")), "verify": true]),
      ("POST", "/api/tokens", ["role": "viewer"]), ("POST", "/api/check", nil), ("POST", "/api/compact", nil),
    ]
    for (method, target, body) in asked {
      let response = relay.ask(method, target, body)
      let path = target.split(separator: "?")[0]
      guard case .route(let route, _) = Routes.table.match(method: method, path: path),
        case .json(let status, let schema) = route.answer
      else {
        Issue.record("\(target) is no route that answers with JSON")
        continue
      }
      #expect(response.status == status, "\(method) \(target): \(response.text)")
      let mismatches = ShapeCheck.mismatches(try response.json, schema, at: "\(method) \(target)")
      #expect(mismatches.isEmpty, "\(mismatches.joined(separator: "\n"))")
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

/// Compares an answer with the shape that the document gives it, member by member.
enum ShapeCheck {
  static func mismatches(_ value: JSON, _ schema: Schema, at place: String) -> [String] {
    switch schema {
    case .any: return []
    case .named(let name):
      guard let named = Schemas.all.first(where: { $0.name == name }) else {
        return ["\(place): no shape \(name)"]
      }
      return mismatches(value, named.schema, at: place)
    case .optional(let inner): return value == .null ? [] : mismatches(value, inner, at: place)
    case .list(let element):
      guard let elements = value.array else { return ["\(place) is no list"] }
      return elements.enumerated().flatMap { mismatches($1, element, at: "\(place)[\($0)]") }
    case .object(let members): return object(value, members, at: place)
    case .text: return value.string == nil ? ["\(place) is no text"] : []
    case .choice(let names): return names.contains(value.string ?? "") ? [] : ["\(place) is none of \(names)"]
    case .integer: return value.int == nil ? ["\(place) is no integer"] : []
    case .flag: return value.bool == nil ? ["\(place) is no flag"] : []
    }
  }

  private static func object(_ value: JSON, _ members: [Schema.Member], at place: String) -> [String] {
    guard let object = value.object else { return ["\(place) is no object"] }
    var found: [String] = []
    for member in members {
      if let inner = object[member.name] {
        found += mismatches(inner, member.schema, at: "\(place).\(member.name)")
      } else if member.isRequired {
        found.append("\(place).\(member.name) is missing")
      }
    }
    guard !members.isEmpty else { return found }
    let known = members.map(\.name)
    return found
      + object.members.map(\.name).filter { !known.contains($0) }.map { "\(place).\($0) is not described" }
  }
}
