import RelayModel
import Testing

@Suite struct RetryAfterTests {
  /// 1994-11-06T08:49:37Z
  private let now = Timestamp(seconds: 784_111_777)

  @Test(
    arguments: [
      ("0", 0), ("120", 120), (" 7 ", 7), ("86400", 86_400), ("86401", 86_400),
      ("99999999999999999999999", 86_400),
    ])
  func `seconds are taken and cut at a day`(value: String, seconds: Int) {
    #expect(RetryAfter.delay(value, now: now) == .seconds(seconds))
  }

  @Test(
    arguments: [
      ("Sun, 06 Nov 1994 08:50:37 GMT", 60), ("Sunday, 06-Nov-94 08:50:37 GMT", 60),
      ("Sun Nov  6 08:50:37 1994", 60), ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
      ("Sat, 05 Nov 1994 08:49:37 GMT", 0), ("Fri, 06 Nov 2093 08:49:37 GMT", 86_400),
    ])
  func `a date is the time until then`(value: String, seconds: Int) {
    #expect(RetryAfter.delay(value, now: now) == .seconds(seconds))
  }

  @Test(
    arguments: [
      "", "  ", "-1", "+5", "1.5", "1s", "0x10", "soon", "Sun, 31 Feb 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 24:49:37 GMT",
      "Sun, 06 Nox 1994 08:49:37 GMT", "1994-11-06T08:49:37Z",
    ])
  func `anything else is no wait`(value: String) {
    #expect(RetryAfter.delay(value, now: now) == nil)
  }

  @Test(
    arguments: [
      ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Thursday, 01-Jan-70 00:00:00 GMT", 0),
      ("Tuesday, 29-Feb-00 12:00:00 GMT", 951_825_600), ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
    ])
  func `the three forms give the same instant`(text: String, seconds: Int64) {
    #expect(Timestamp(httpDate: text)?.seconds == seconds)
  }
}
