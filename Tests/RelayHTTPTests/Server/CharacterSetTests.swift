import Testing

@testable import RelayHTTP

@Suite struct CharacterSetTests {
  private static let lettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

  @Test func `a token is made of what RFC 9110 lists`() {
    let listed = Set((Self.lettersAndDigits + "!#$%&'*+-.^_`|~").utf8)
    for byte in UInt8.min...UInt8.max {
      #expect(CharacterSet.token.contains(byte) == listed.contains(byte), "\(byte)")
    }
  }

  @Test func `a host is made of what RFC 3986 lists, and of brackets and a colon`() {
    let listed = Set((Self.lettersAndDigits + "-._~!$&'()*+,;=%:[]").utf8)
    for byte in UInt8.min...UInt8.max {
      #expect(CharacterSet.host.contains(byte) == listed.contains(byte), "\(byte)")
    }
  }
}
