import RelayDocuments
import RelayModel
import Testing

@testable import RelayService

@Suite struct OverridesTests {
  @Test func `a variable overrides a scalar of the file, and one that was not written`() throws {
    let configuration = try read(
      "drain: 5s\nadmin: { listen: 127.0.0.1:1 }",
      environment: [
        "PETREL_DRAIN": "7s", "PETREL_ADMIN_LISTEN": "127.0.0.1:2", "PETREL_LIMITS_BODY": "2MiB",
        "PETREL_LIMITS_EXECUTIONS": "3", "PETREL_STORE_MAX_SIZE": "32MiB",
        "PETREL_EGRESS_BREAKER_FAILURES": "5", "PETREL_DATA": "/d",
      ]
    ).configuration
    #expect(configuration.drain == .seconds(7))
    #expect(configuration.admin.listen.port == 2)
    #expect(configuration.limits.body == .mebibytes(2))
    #expect(configuration.limits.executions == 3)
    #expect(configuration.storeLimit == .mebibytes(32))
    #expect(configuration.egress.breaker.failures == 5)
    #expect(configuration.data == "/d")
  }

  @Test func `the short form of a listener that is written out means its address`() throws {
    let listen = try read(
      "listen: { address: 127.0.0.1:1, tls: { certificate: c, key: k } }",
      environment: ["PETREL_LISTEN": "127.0.0.1:2", "PETREL_LISTEN_TLS_KEY": "/other"]
    ).configuration.listen
    #expect(listen.port == 2)
    #expect(listen.tls == Listener.TLS(certificate: "/etc/petrel/c", key: "/other"))
  }

  @Test func `a name of vars is overridden with its type`() throws {
    let vars = try read(
      "vars: { region: eu, caps: { high: 1 } }",
      environment: ["PETREL_VARS_REGION": "us", "PETREL_VARS_CAPS_HIGH": "12"]
    ).configuration.vars
    #expect(vars["region"]?.string == "us")
    #expect(vars["caps"]?["high"]?.int == 12)
  }

  @Test func `a wrong override is told by the variable's name`() {
    #expect(
      complaints("drain: 5s", environment: ["PETREL_DRAIN": "soon"]) == [
        "PETREL_DRAIN:1:1: drain must be a duration such as 30s (ms, s, m, h, d), not a string"
      ])
    #expect(
      complaints("admin: { auth: none }", environment: ["PETREL_LISTEN": "0.0.0.0:80"]).count == 1)
  }

  @Test func `hooks are not overridden`() throws {
    let hooks = try read(
      "hooks: { a: { verify: none, body: 1MiB } }", environment: ["PETREL_HOOKS_A_BODY": "2MiB"]
    ).configuration.hooks
    #expect(hooks.first?.body == .mebibytes(1))
  }

  @Test func `a variable that is nearly an override is warned of`() throws {
    let loaded = try read("", environment: ["PETREL_ADMIN_LISTN": "x", "PETREL_TOKEN": "t", "HOME": "/"])
    #expect(
      loaded.warnings.map(\.description) == [
        "PETREL_ADMIN_LISTN:1:1: warning: names no setting; did you mean PETREL_ADMIN_LISTEN?"
      ])
  }
}
