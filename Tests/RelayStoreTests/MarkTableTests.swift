import RelayModel
import Testing

@testable import RelayStore

@Suite struct MarkTableTests {
  private func hash(_ high: UInt64, _ low: UInt32 = 0) -> MarkHash { MarkHash(high: high, low: low) }

  private func value(_ event: UInt64, _ executions: Int = 0) -> DedupeValue {
    DedupeValue(event: RecordKey(rawValue: event), executions: executions)
  }

  @Test func `an empty table knows no mark`() {
    let table = MarkTable()
    #expect(table.isEmpty)
    #expect(table[hash(1)] == nil)
    #expect(Array(table.entries).isEmpty)
  }

  @Test func `a mark of zeros is a mark`() {
    var table = MarkTable()
    table.insert(value(0), for: hash(0))
    #expect(table[hash(0)] == value(0))
    #expect(table.count == 1)
  }

  @Test func `marks that differ in their last bits only are two`() {
    var table = MarkTable()
    table.insert(value(1), for: hash(7, 1))
    table.insert(value(2, 1000), for: hash(7, 2))
    #expect(table[hash(7, 1)] == value(1))
    #expect(table[hash(7, 2)] == value(2, 1000))
    #expect(table[hash(7, 3)] == nil)
  }

  @Test func `the later value of a mark counts`() {
    var table = MarkTable()
    table.insert(value(1), for: hash(7))
    table.insert(value(2), for: hash(7))
    #expect(table[hash(7)] == value(2))
    #expect(table.count == 1)
  }

  @Test func `an emptied table begins anew`() {
    var table = MarkTable()
    for number in 0..<100 { table.insert(value(1), for: hash(UInt64(number))) }
    table.removeAll()
    #expect(table.isEmpty)
    #expect(table[hash(7)] == nil)
    table.insert(value(2), for: hash(7))
    #expect(Array(table.entries).map(\.value) == [value(2)])
  }

  @Test func `entries sort by their hash`() {
    var table = MarkTable()
    for high in [3, 1, 2] as [UInt64] { table.insert(value(high), for: hash(high, UInt32(9 - high))) }
    table.insert(value(4), for: hash(2, 1))
    #expect(table.entries.sorted().map(\.value.event.rawValue) == [1, 4, 2, 3])
  }

  @Test func `it is what a dictionary is, over many marks that are alike`() {
    var table = MarkTable()
    var model: [MarkHash: DedupeValue] = [:]
    var generator = SystemRandomNumberGenerator()
    for number in 0..<20_000 {
      let mark = hash((generator.next() % 4096) << (generator.next() % 8 * 8), UInt32(number % 3))
      #expect(table[mark] == model[mark])
      table.insert(value(UInt64(number), number % 5), for: mark)
      model[mark] = value(UInt64(number), number % 5)
    }
    #expect(table.count == model.count)
    #expect(Dictionary(table.entries.map { ($0.hash, $0.value) }) { first, _ in first } == model)
  }
}
