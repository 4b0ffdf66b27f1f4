import Testing

@Suite struct ModelTests {
  @Test(arguments: 1...30)
  func `random operations, deaths and restarts leave what the model says`(seed: Int) throws {
    let run = try ModelRun(seed: UInt64(seed))
    for number in 0..<300 {
      try run.step()
      if number % 25 == 0 { try run.compare() }
    }
    try run.compare()
  }
}
