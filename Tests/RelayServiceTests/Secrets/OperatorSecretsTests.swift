import RelayModel
import RelayService
import Testing

@Suite struct OperatorSecretsTests {
  private struct OneEntry: VaultReading {
    func value(of name: String) throws(SecretError) -> [UInt8]? {
      name == "legacy" ? Array("sealed".utf8) : nil
    }
  }

  private let resolver = OperatorSecrets(environment: ["A": "from env", "EMPTY": ""], vault: OneEntry())

  private func reason(_ reference: SecretReference) -> String? {
    do throws(SecretError) {
      _ = try resolver.secret(reference)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test(arguments: [
    (SecretReference.environment("A"), "from env"), (.plain("as it is\n"), "as it is\n"),
    (.vault("legacy"), "sealed"),
  ])
  func `a reference is resolved`(reference: SecretReference, text: String) throws {
    #expect(try resolver.secret(reference) == Array(text.utf8))
  }

  @Test(arguments: [
    ("secret\n", "secret"), ("secret\r\n", "secret"), ("secret\n\n", "secret\n"), ("se cret ", "se cret "),
  ])
  func `one line break at a file's end does not belong to the secret`(text: String, secret: String) throws {
    let folder = TestFolder()
    try LocalFile.write(Array(text.utf8), to: "\(folder.path)/s")
    #expect(try resolver.secret(.file("\(folder.path)/s")) == Array(secret.utf8))
  }

  @Test(arguments: [
    (SecretReference.environment("B"), "the variable is not set"), (.environment("EMPTY"), "is empty"),
    (.file("/nonexistent"), "No such file or directory"), (.file("/dev/null"), "is empty"),
    (.vault("other"), "the vault has no such entry; petrel secrets set other"),
  ])
  func `a secret that cannot be had says what to mend`(reference: SecretReference, expected: String) {
    #expect(reason(reference) == expected)
  }

  @Test func `a file without end is not read to its end`() {
    #expect(reason(.file("/dev/zero")) == "larger than 1048576 bytes")
  }
}
