import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

@Suite struct PresetLiteralTests {
  @Test func `every preset accepts what its provider would sign`() throws {
    for literal in try PresetLiteral.all() {
      let answer = literal.accepted.judged
      #expect(answer == ["accepted": true], "\(literal.provider) → \(answer.text)")
    }
  }

  @Test func `every preset refuses the same request with one change`() throws {
    for literal in try PresetLiteral.all() {
      guard let refused = literal.refused else { continue }
      let answer = refused.judged
      #expect(answer["reason"]?.string == "no_matching_signature", "\(literal.provider) → \(answer.text)")
    }
  }

  @Test func `every preset refuses a request without its signature`() throws {
    for literal in try PresetLiteral.all() where literal.refused != nil {
      guard var bare = literal.accepted.object else { continue }
      bare["headers"] = []
      bare["body_base64"] = ""
      bare["url"] = "https://hooks.example.org/"
      let answer = JSON.object(bare).judged
      #expect(answer["accepted"]?.bool == false, "\(literal.provider) → \(answer.text)")
    }
  }

  @Test func `every preset has its literal, and all but the unsigned a refused one`() throws {
    let literals = try PresetLiteral.all()
    let presets = try PresetCatalog.all()
    #expect(presets.count >= 297)
    #expect(Set(presets.map(\.id)) == Set(literals.map(\.provider)))
    let unsigned = literals.filter { $0.refused == nil }.map(\.provider)
    for id in unsigned {
      let verifier = try Verifier(
        VerifyConfiguration(["provider": .string(id)]) { _, text in Array(text.utf8) })
      #expect(verifier.verifiesNothing, "\(id)")
    }
  }
}
