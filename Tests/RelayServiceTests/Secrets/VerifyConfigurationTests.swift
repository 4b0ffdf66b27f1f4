import RelayDocuments
import RelayModel
import Testing

@testable import RelayService

@Suite struct HookVerificationTests {
  private struct Texts: SecretSource {
    let texts: [SecretReference: String]

    func secret(_ reference: SecretReference) throws(SecretError) -> [UInt8] {
      guard let text = texts[reference] else { throw SecretError(reference, "the variable is not set") }
      return Array(text.utf8)
    }
  }

  private let secrets = Texts(texts: [
    .environment("LONG"): "0123456789abcdef", .environment("SHORT"): "0123456789abcde",
    .file("/etc/petrel/keys.txt"): "{}", .plain("0123456789abcdef"): "0123456789abcdef",
  ])

  /// What is wrong with a hook `a` that is verified so.
  private func complaints(_ verify: String) throws -> [String] {
    let loaded = try read("hooks: { a: { verify: \(verify) } }")
    let hook = try #require(loaded.configuration.hooks.first)
    let diagnostics = Diagnostics(file: "petrel.yaml")
    let configuration = hook.verifyConfiguration(secrets, base: "/etc/petrel", diagnostics)
    #expect((configuration == nil) == !diagnostics.all.isEmpty)
    return diagnostics.all.map(\.description)
  }

  @Test(arguments: [
    "none", "{ provider: github, secret: env:LONG }", "{ provider: github, secret: [env:LONG, env:LONG] }",
    "{ provider: github, secret: env:SHORT, short_secret: true }",
    "{ type: hmac, alg: sha256, signature: { from: header, name: X-S, format: plain, encoding: hex }, signed: '{body}', secret: 'plain:0123456789abcdef' }",
  ])
  func `a sound verification is prepared`(verify: String) throws {
    #expect(try complaints(verify) == [])
  }

  @Test(arguments: [
    (
      "{ provider: githb, secret: env:LONG }",
      "petrel.yaml:1:35: hooks.a.verify.provider names no provider that is known; did you mean \"github\"?"
    ),
    (
      "{ provider: github, secret: env:NONE }",
      "petrel.yaml:1:51: hooks.a.verify.secret env:NONE: the variable is not set"
    ),
    (
      "{ provider: github, secret: env:SHORT }",
      "petrel.yaml:1:51: hooks.a.verify.secret has 15 bytes; use 16 or more, or write short_secret: true"
    ),
    (
      "{ provider: github, secret: [env:LONG, env:SHORT] }",
      "petrel.yaml:1:62: hooks.a.verify.secret has 15 bytes; use 16 or more, or write short_secret: true"
    ),
    (
      "{ provider: github, sekret: env:LONG }",
      "petrel.yaml:1:51: hooks.a.verify.sekret unknown key; did you mean secret?"
    ),
    (
      "{ provider: github, secret: env:LONG, jwks: file:keys.txt }",
      "petrel.yaml:1:67: hooks.a.verify.jwks must be an object with keys"
    ),
  ])
  func `what is wrong is told at its member`(verify: String, message: String) throws {
    #expect(try complaints(verify) == [message])
  }

  @Test func `a secret is required where the scheme has one`() throws {
    let found = try complaints("{ provider: github }")
    #expect(found.count == 1)
    #expect(found.first?.contains("secret") == true)
  }
}
