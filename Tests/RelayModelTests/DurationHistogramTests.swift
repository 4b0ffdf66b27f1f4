import RelayModel
import Testing

@Suite struct DurationHistogramTests {
  @Test(arguments: [(0, 0), (5, 0), (6, 1), (100, 4), (1001, 8), (30_000, 11), (30_001, 12)])
  func `a duration stands in the first bucket that holds it`(milliseconds: Int, bucket: Int) {
    var histogram = DurationHistogram()
    histogram.add(.milliseconds(milliseconds))
    #expect(histogram.buckets.firstIndex(of: 1) == bucket)
    #expect(histogram.count == 1)
    #expect(histogram.sum == .milliseconds(milliseconds))
  }

  @Test func `the bounds rise`() {
    #expect(zip(DurationHistogram.bounds, DurationHistogram.bounds.dropFirst()).allSatisfy { $0 < $1 })
  }
}
