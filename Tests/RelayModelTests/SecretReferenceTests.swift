import RelayModel
import Testing

@Suite struct SecretReferenceTests {
  @Test(arguments: [
    ("env:A_SECRET", SecretReference.environment("A_SECRET")), ("file:/run/x", .file("/run/x")),
    ("vault:legacy", .vault("legacy")), ("plain:a:b", .plain("a:b")),
  ])
  func `each form is read`(text: String, expected: SecretReference) {
    #expect(SecretReference(text) == expected)
  }

  @Test(arguments: ["", "env:", "vault:Not A Name", "ENV:X", "whsec_abc", "plain", "keychain:x"])
  func `anything else is refused`(text: String) {
    #expect(SecretReference(text) == nil)
  }

  @Test func `a plain secret is not shown`() {
    #expect("\(SecretReference.plain("hunter2"))" == "plain:…")
    #expect("\(SecretReference.vault("legacy"))" == "vault:legacy")
    #expect(
      "\(SecretError(.environment("X"), "the variable is not set"))" == "env:X: the variable is not set")
  }
}
