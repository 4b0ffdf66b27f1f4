import Testing

@testable import RelayStore

@Suite struct StepPathTests {
  @Test func `a path is taken apart as it was put together`() {
    let path = StepPath(.steps, 2).item(70_000).step(5)
    #expect(path.section == .steps)
    #expect(path.depth == 2)
    #expect(path.step == 5)
    #expect(path.item == nil)
    #expect(path.parent == StepPath(.steps, 2).item(70_000))
    #expect(path.parent?.item == 70_000)
    #expect(path.parent?.step == 2)
    #expect(path.parent?.parent == StepPath(.steps, 2))
    #expect(StepPath(.steps, 2).parent == nil)
    #expect(path.next == StepPath(.steps, 2).item(70_000).step(6))
    #expect(StepPath(.steps, 2).item(1).next == StepPath(.steps, 3))
    #expect(path.isWithin(StepPath(.steps, 2)))
    #expect(!path.isWithin(StepPath(.steps, 3)))
  }

  @Test func `paths sort in document order, what is inside after what it is inside of`() {
    let paths = [
      StepPath.start, StepPath.start.item(0), StepPath.start.item(0).step(0),
      StepPath.start.item(0).step(300),
      StepPath.start.item(256).step(0), StepPath(.steps, 1), StepPath(.steps, 256), .failureStart,
    ]
    #expect(paths.sorted() == paths)
    #expect(paths.shuffled().sorted() == paths)
  }

  @Test(
    arguments: [
      [], [0], [0, 0], [2, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0],
      [UInt8](repeating: 0, count: 1 + 33 * 6),
    ] as [[UInt8]])
  func `bytes of another form are no path`(bytes: [UInt8]) {
    #expect(StepPath(bytes: bytes) == nil)
  }

  @Test func `the deepest path is read back and fits a key`() {
    var path = StepPath.start
    while path.depth < StepPath.maxDepth { path = path.item(.max).step(0xFFFF) }
    #expect(StepPath(bytes: path.bytes) == path)
    #expect(path.bytes.count + 8 + 4 + 3 <= KeyBytes.capacity)
  }
}
