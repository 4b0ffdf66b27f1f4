import RelayModel
import Testing

@Suite struct TraceContextTests {
  private static let field = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

  @Test func `a field is read and written`() throws {
    let context = try #require(TraceContext(traceparent: Self.field.utf8))
    #expect(context.trace == TraceID(high: 0x0af7_6519_16cd_43dd, low: 0x8448_eb21_1c80_319c))
    #expect(context.span == 0xb7ad_6b71_6920_3331)
    #expect(context.isSampled)
    #expect(context.traceparent == Self.field)
  }

  @Test func `leading zeros are written out`() {
    let context = TraceContext(trace: TraceID(high: 0, low: 1), span: 2, isSampled: false)
    #expect(context.traceparent == "00-00000000000000000000000000000001-0000000000000002-00")
  }

  @Test func `of flags only the first bit is of concern`() {
    #expect(TraceContext(traceparent: (Self.field.dropLast(2) + "fe").utf8)?.isSampled == false)
    #expect(TraceContext(traceparent: (Self.field.dropLast(2) + "ff").utf8)?.isSampled == true)
  }

  @Test func `a later version may say more behind a dash`() {
    let later = "01" + Self.field.dropFirst(2)
    #expect(TraceContext(traceparent: later.utf8) != nil)
    #expect(TraceContext(traceparent: "\(later)-more".utf8) != nil)
    #expect(TraceContext(traceparent: "\(later)more".utf8) == nil)
  }

  @Test(arguments: [
    "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
    "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
    "00-00000000000000000000000000000000-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
    "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  ])
  func `what is no context is none`(field: String) {
    #expect(TraceContext(traceparent: field.utf8) == nil)
  }
}
