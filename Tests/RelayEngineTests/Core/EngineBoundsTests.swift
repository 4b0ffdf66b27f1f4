import RelayEngine
import Testing

@Suite struct EngineBoundsTests {
  @Test func `the bounds of the engine agree with each other`() {
    #expect(EngineBounds.slowRest >= 1 && EngineBounds.slowRest < EngineBounds.slowShare)
    #expect(EngineBounds.queueWait <= EngineBounds.slowAfter)
    #expect(EngineBounds.fullHorizon < EngineBounds.closedHorizon)
    #expect(EngineBounds.claimBatch > 0 && EngineBounds.keyLength >= 64)
  }
}
