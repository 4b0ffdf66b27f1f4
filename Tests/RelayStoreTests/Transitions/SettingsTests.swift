import RelayModel
import Testing

@testable import RelayStore

@Suite struct SettingsTests {
  @Test func `the same document with the same vars keeps its number`() throws {
    let test = try TestStore()
    func register(_ document: String, _ vars: String) throws -> UInt32 {
      let hash = [UInt8](repeating: UInt8(truncatingIfNeeded: document.utf8.count), count: 32)
      return try test.store.perform(
        RegisterVersion(name: "flow", document: Array(document.utf8), hash: hash, vars: Array(vars.utf8)))
    }
    let long = String(repeating: "y", count: 20_000)
    let numbers = [
      try register("{}", "{}"), try register("{}", #"{"a":1}"#), try register(long, "{}"),
      try register("{}", "{}"),
    ]
    #expect(numbers == [1, 2, 3, 1])
    try test.reopen()
    #expect(try register(long, "{}") == 3)
    #expect(try test.store.read { try $0.version(3) }?.document.count == 20_000)
    #expect(try test.store.read { try $0.version(4) } == nil)
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
  }

  @Test func `secrets, tokens, breakers and audit are read back, and go`() throws {
    let test = try TestStore()
    let secret = SealedSecret(sealed: [1, 2, 3], updatedAt: test.now)
    try test.store.perform(PutSecret(name: "github", secret: secret))
    try test.store.perform(PutSecret(name: "git", secret: secret))
    let token = TokenRecord(id: "tok_1", name: "ci", role: "viewer", hash: [9], createdAt: test.now)
    try test.store.perform(PutToken(token: token))
    let breaker = BreakerRecord(failures: 20, openUntil: test.now, delay: .seconds(2))
    try test.store.perform(PutBreaker(destination: "https://a.example:443", record: breaker))
    try test.reopen()
    try test.store.read { snapshot throws in
      #expect(try snapshot.secrets().map(\.name) == ["git", "github"])
      #expect(try snapshot.secret("github") == secret)
      #expect(try snapshot.secret("none") == nil)
      #expect(try snapshot.tokens() == [token])
      #expect(try snapshot.breakers().map(\.destination) == ["https://a.example:443"])
      #expect(try snapshot.breakers().map(\.record) == [breaker])
    }
    #expect(try test.store.perform(DeleteSecret(name: "github")))
    #expect(try test.store.perform(DeleteSecret(name: "github")) == false)
    #expect(try test.store.perform(RevokeToken(id: "tok_1")))
    try test.store.perform(PutBreaker(destination: "https://a.example:443", record: nil))
    #expect(try test.store.read { try $0.breakers() }.isEmpty)
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
  }

  @Test func `the audit log is read from its end, page by page`() throws {
    let test = try TestStore()
    for number in 0..<7 {
      try test.store.perform(
        AppendAudit(
          record: AuditRecord(at: test.now, actor: "ops", action: "execution.cancel", subject: "\(number)")))
    }
    let first = try test.store.read { try $0.audit(before: nil, limit: 5) }
    #expect(first.items.map(\.subject) == ["6", "5", "4", "3", "2"])
    let second = try test.store.read { try $0.audit(before: first.next, limit: 5) }
    #expect(second.items.map(\.subject) == ["1", "0"])
    #expect(second.next == nil)
  }
}
