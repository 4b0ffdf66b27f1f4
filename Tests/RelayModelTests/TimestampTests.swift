import RelayModel
import Testing

@Suite struct TimestampTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (1_790_000_000_123, "2026-09-21T14:13:20.123Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    ] as [(Int64, String)])
  func `an instant is written as RFC 3339 and read back`(milliseconds: Int64, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
    #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
  }

  @Test(arguments: ["2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01", "2026-01-01T00:00:00", "x"])
  func `what is no RFC 3339 instant is refused`(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test func `an offset and a long fraction are understood`() {
    #expect(Timestamp(rfc3339: "2026-09-21T16:13:20.123456789+02:00")?.milliseconds == 1_790_000_000_123)
  }
}
