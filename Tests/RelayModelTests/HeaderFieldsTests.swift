import Testing

@testable import RelayModel

@Suite struct HeaderFieldsTests {
  private let fields = HeaderFields([
    ("Accept", "a"), ("X-Empty", ""), ("accept", "b"), ("Accept-Language", "de"),
  ])

  @Test func `fields are told in order, as bytes`() {
    var told: [String] = []
    fields.eachField { name, value in
      told.append(
        unsafe name.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) } + "=\(value.count)"
      )
    }
    #expect(told == ["Accept=1", "X-Empty=0", "accept=1", "Accept-Language=2"])
  }

  @Test func `taking a name out takes every field of it in any case, and no other`() {
    var left = fields
    left.removeAll("ACCEPT")
    #expect(left == HeaderFields([("X-Empty", ""), ("Accept-Language", "de")]))
    left.removeAll("x-none")
    #expect(left.count == 2)
    left.removeAll("x-empty")
    left.removeAll("accept-language")
    #expect(left == HeaderFields())
  }

  @Test(arguments: [
    ("accept", "ACCEPT", true), ("accept", "accepts", false), ("a-b", "a_b", false), ("", "", true),
  ])
  func `names are the same without case`(a: String, b: String, isSame: Bool) {
    #expect(a.utf8.span.isSameName(as: b.utf8.span) == isSame)
  }
}
