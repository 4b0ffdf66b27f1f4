import RelayDocuments
import RelaySignatures
import Testing

@Suite struct PresetCatalogTests {
  @Test func `a preset is found by id and by alias, without case`() throws {
    #expect(try PresetCatalog.preset(named: "github").name == "GitHub")
    #expect(try PresetCatalog.preset(named: "GitHub").id == "github")
    #expect(try PresetCatalog.preset(named: "whatsapp").id == "meta")
  }

  @Test func `an unknown provider is refused with the nearest name`() {
    #expect(throws: SignatureError.unknownProvider("githib", suggestion: "github")) {
      try PresetCatalog.preset(named: "githib")
    }
    #expect(throws: SignatureError.unknownProvider("zzzzzzzzzz", suggestion: nil)) {
      try PresetCatalog.preset(named: "zzzzzzzzzz")
    }
  }
}
