import RelayCrypto
import RelayDocuments
import RelayModel
import Testing

@testable import RelayAdmin
@testable import RelayHTTP
@testable import RelayStore

@Suite struct TokenAccessTests {
  /// A path of the route with every name filled in.
  private static func target(_ route: Route) -> String {
    route.path.names.reduce(route.path.text) { path, name in
      path.replacing("{\(name)}", with: name == "name" ? "alert" : "exe_0")
    }
  }

  @Test(arguments: Routes.all.map { "\($0.method.rawValue) \($0.path.text)" })
  func `each route takes its role and those above, and nobody else`(name: String) throws {
    let relay = try TestRelay()
    let route = try #require(Routes.all.first { "\($0.method.rawValue) \($0.path.text)" == name })
    let body: JSON? = route.body == nil ? nil : [:]
    func status(_ headers: [(String, String)]) -> Int {
      relay.ask(
        route.method.rawValue, Self.target(route), body, headers: headers, access: TestRelay.tokens
      ).status
    }
    #expect((status([]) == 401) == (route.role != nil))
    for role in Role.allCases {
      let token = try relay.token(role)
      let answer = status([("Authorization", "Bearer \(token)")])
      #expect(answer != 401)
      #expect((answer == 403) == (route.role.map { role < $0 } ?? false), "\(role) got \(answer)")
    }
  }

  @Test func `a missing token is asked for`() throws {
    let response = try TestRelay().ask("GET", "/api/status", access: TestRelay.tokens)
    #expect(response.status == 401)
    #expect(try response.code == "token_missing")
    #expect(response.field("WWW-Authenticate") == "Bearer")
  }

  @Test func `a token that was changed, cut or revoked is unknown`() throws {
    let relay = try TestRelay()
    let token = try relay.token(.admin)
    let last = token.last == "a" ? "b" : "a"
    for wrong in [String(token.dropLast()) + last, String(token.dropLast()), token + "a", "ptk_", "x"] {
      let response = relay.ask(
        "GET", "/api/status", headers: [("Authorization", "Bearer \(wrong)")], access: TestRelay.tokens,
        client: wrong)
      #expect(response.status == 401)
      #expect(try response.code == "token_unknown")
    }
    let id = String(token.prefix(12))
    #expect(relay.ask("DELETE", "/api/tokens/\(id)").status == 204)
    let revoked = relay.ask(
      "GET", "/api/status", headers: [("Authorization", "Bearer \(token)")], access: TestRelay.tokens)
    #expect(revoked.status == 401)
  }

  @Test func `the scheme's case does not matter, another scheme does`() throws {
    let relay = try TestRelay()
    let token = try relay.token(.viewer)
    func status(_ value: String) -> Int {
      relay.ask("GET", "/api/status", headers: [("Authorization", value)], access: TestRelay.tokens).status
    }
    #expect(status("bearer \(token)") == 200)
    #expect(status("BEARER  \(token)") == 200)
    #expect(status("Basic \(token)") == 401)
    #expect(status(token) == 401)
  }

  @Test func `whoever guesses is slowed down, and a sound token is not locked out`() throws {
    let relay = try TestRelay()
    let token = try relay.token(.viewer)
    func ask(_ token: String, client: String = "192.0.2.9") -> HTTPResponse {
      relay.ask(
        "GET", "/api/status", headers: [("Authorization", "Bearer \(token)")], access: TestRelay.tokens,
        client: client)
    }
    for _ in 0..<10 { #expect(ask("wrong").status == 401) }
    let slowed = ask("wrong")
    #expect(slowed.status == 429)
    #expect(slowed.field("Retry-After") == "6")
    #expect(ask("wrong", client: "192.0.2.10").status == 401)
    #expect(ask(token).status == 200)
    relay.clock.pass(.seconds(6))
    #expect(ask("wrong").status == 401)
    #expect(ask("wrong").status == 429)
  }

  @Test func `a token is shown once, and only its hash is kept`() throws {
    let relay = try TestRelay()
    let made = relay.ask("POST", "/api/tokens", ["role": "operator", "name": "deploy"])
    #expect(made.status == 201)
    let token = try #require(try made.json["token"]?.string)
    #expect(token.utf8.count == 44)
    #expect(token.hasPrefix("ptk_"))
    let list = relay.ask("GET", "/api/tokens")
    #expect(!list.text.contains(token))
    let record = try #require(try relay.store.read { try $0.tokens() }.first)
    #expect(record.name == "deploy")
    #expect(record.role == "operator")
    #expect(record.hash == (try DigestAlgorithm.sha256.digest(Array(token.utf8))))
  }

  @Test func `tokens survive a restart of the interface`() throws {
    let relay = try TestRelay()
    let token = try relay.token(.viewer)
    let book = TokenBook(try relay.store.read { try $0.tokens() })
    let presented = try #require(try AccessToken(presented: token))
    #expect(book.record(of: presented)?.role == "viewer")
  }

  @Test func `two tokens are never the same`() throws {
    let tokens = try (0..<100).map { _ in try AccessToken.draw() }
    #expect(Set(tokens.map(\.text)).count == 100)
    #expect(Set(tokens.map(\.id)).count == 100)
  }

  @Test(
    arguments: [["role": "owner"], [:], ["role": "viewer", "name": "Not A Name"], ["rol": "viewer"]] as [JSON]
  )
  func `a token of no role or no name is refused`(body: JSON) throws {
    #expect(try TestRelay().ask("POST", "/api/tokens", body).status == 400)
  }
}
