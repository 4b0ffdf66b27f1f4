import RelayModel
import RelayStore
import Testing

@testable import RelayUpstream

@Suite struct BatchTests {
  private func made(_ ranges: [(ClosedRange<UInt64>, OutboxEntry.Content)], after acked: UInt64) -> Batch? {
    Batch(
      ranges.map { OutboxEntry(first: $0.lowerBound, last: $0.upperBound, content: $1) }, after: acked)
  }

  private let counts = OutboxEntry.Content.rollup([])

  @Test func `nothing waiting is no batch`() {
    #expect(made([], after: 7) == nil)
  }

  @Test func `a batch in order declares nothing`() throws {
    let batch = try #require(made([(8...8, counts), (9...12, counts)], after: 7))
    #expect(batch.firstSeq == 8)
    #expect(batch.lastSeq == 12)
    #expect(batch.lostHeader == nil)
  }

  @Test func `what central asks for and is gone is declared, together with what was lost beside it`() throws {
    let batch = try #require(made([(8...9, .lost), (10...10, counts)], after: 3))
    #expect(batch.firstSeq == 4)
    #expect(batch.lostHeader == "4-9")
  }

  @Test func `losses that do not touch are told apart`() throws {
    let batch = try #require(made([(8...9, .lost), (10...10, counts), (11...12, .lost)], after: 7))
    #expect(batch.lostHeader == "8-9, 11-12")
  }

  @Test func `an entry folded over what is acknowledged begins where it does`() throws {
    let batch = try #require(made([(5...20, counts)], after: 10))
    #expect(batch.firstSeq == 5)
    #expect(batch.lostHeader == nil)
  }

  @Test func `what is rejected counts as acknowledged as far as it follows on`() throws {
    let batch = try #require(made([(8...8, counts), (9...9, counts), (10...10, counts)], after: 7))
    #expect(batch.acknowledged(upTo: 7) { $0.last != 10 } == 9)
    #expect(batch.acknowledged(upTo: 7) { $0.last != 8 } == 7)
    #expect(batch.acknowledged(upTo: 8) { $0.last == 9 } == 9)
  }
}
