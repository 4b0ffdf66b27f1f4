import RelayModel
import Testing

@Suite struct PercentEncodingTests {
  private func decoded(_ text: String, isForm: Bool = false) -> String {
    String(decoding: PercentEncoding.decode(text.utf8, isForm: isForm), as: UTF8.self)
  }

  @Test(arguments: [
    ("abc-._~09", "abc-._~09"), ("a b/c", "a%20b%2Fc"), ("é", "%C3%A9"), ("+", "%2B"), ("", ""),
  ])
  func `what is not unreserved is escaped`(text: String, escaped: String) {
    #expect(PercentEncoding.encode(text) == escaped)
    #expect(decoded(escaped) == text)
  }

  @Test(arguments: ["%", "%4", "%zz", "100%", "%%"])
  func `what is no escape stays`(text: String) { #expect(decoded(text) == text) }

  @Test func `a plus is a blank in a form alone`() {
    #expect(decoded("a+b%2B", isForm: true) == "a b+")
    #expect(decoded("a+b%2B") == "a+b+")
  }

  @Test func `a form's fields come in order, without empty ones`() {
    let fields = PercentEncoding.fields("a=1&&b=x%3Dy=z&c&a=2".utf8)
    #expect(fields.map(\.text.name) == ["a", "b", "c", "a"])
    #expect(fields.map(\.text.value) == ["1", "x=y=z", "", "2"])
    #expect(fields.first("a") == Array("1".utf8))
    #expect(fields.first("d") == nil)
  }

  @Test func `bytes that are no text are kept`() {
    #expect(PercentEncoding.decode("%ff%00".utf8, isForm: false) == [0xFF, 0])
  }
}
