import RelayDocuments
import Testing

/// The alert rules and the dashboard that come with Petrel, held against what the real binary tells.
@Suite struct MonitoringTests {
  private static let folder = "\(RelayProcess.repository)/config/monitoring"

  /// The names of all families that a relay has which has done everything once.
  private func families() throws -> Set<String> {
    let (sink, central) = (try Sink(), try CentralStandIn())
    let installation = try Installation(
      workflow: Installation.workflow(to: sink),
      extra: """
        upstream: { url: "http://127.0.0.1:\(central.port)", token: "plain:a-token-of-sixteen", edge: shop-1 }
        """)
    let relay = try installation.start()
    defer {
      relay.destroy()
      sink.close()
      central.close()
    }
    #expect(try installation.deliver("{}", id: "d-1").status == 202)
    let unsigned = try Socket(port: installation.port).exchange("POST", "/hooks/github", body: [])
    #expect(unsigned.status == 401)
    #expect(Installation.until { !central.batches.isEmpty })
    #expect(try installation.command("backup", "\(installation.folder.path)/copy").status == 0)
    let text = String(
      decoding: try Socket(port: installation.adminPort).exchange("GET", "/metrics").body, as: UTF8.self)
    #expect(text.contains("petrel_ack_duration_seconds_count 1\n"))
    let names = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map {
      $0.split(separator: " ")[2]
    }
    return Set(names.map(String.init))
  }

  /// The metrics that an expression names.
  private func metrics(in expression: String) -> Set<String> {
    let words = expression.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    return Set(
      words.filter { $0.hasPrefix("petrel_") || $0.hasPrefix("process_") }
        .map { $0.hasSuffix("_bucket") ? String($0.dropLast(7)) : String($0) })
  }

  private func texts(_ key: String, in json: JSON) -> [String] {
    if let object = json.object {
      return object.members.flatMap { member in
        (member.name == key ? [member.value.string].compactMap(\.self) : []) + texts(key, in: member.value)
      }
    }
    return json.array?.flatMap { texts(key, in: $0) } ?? []
  }

  @Test func `rules and dashboard ask for nothing that there is not`() throws {
    let known = try families()
    let rules = try Folder.text(of: "\(Self.folder)/petrel.rules.yml")
    let board = try JSON.parse(Array(try Folder.text(of: "\(Self.folder)/petrel-dashboard.json").utf8))
    let expressions = texts("expr", in: board)
    #expect(expressions.count > 20)
    let asked = metrics(in: rules).union(expressions.flatMap { metrics(in: $0) })
    #expect(asked.subtracting(known) == [], "no such metric")
    let shown = asked.union([
      "petrel_build_info", "process_virtual_memory_bytes", "process_start_time_seconds",
    ])
    #expect(known.subtracting(shown) == [], "nobody looks at it")
  }

  @Test func `each rule says what is the matter and what to do`() throws {
    let text = try Folder.text(of: "\(Self.folder)/petrel.rules.yml")
    let document = try DocumentNode.parse(yaml: Array(text.utf8), file: "petrel.rules.yml")
    let rules = document.json["groups"]?.array?.flatMap { $0["rules"]?.array ?? [] } ?? []
    #expect(rules.count >= 15)
    for rule in rules {
      let name = rule["alert"]?.string ?? "a rule without a name"
      #expect(rule["expr"]?.string?.isEmpty == false, "\(name)")
      #expect(["page", "ticket"].contains(rule["labels"]?["severity"]?.string), "\(name)")
      for note in ["summary", "description"] {
        #expect(rule["annotations"]?[note]?.string?.isEmpty == false, "\(name) has no \(note)")
      }
    }
    #expect(Set(rules.map { $0["alert"]?.string }).count == rules.count, "a name twice")
  }
}
