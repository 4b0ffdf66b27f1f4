import Glibc
import RelayModel
import RelayService
import Testing

@Suite struct LineLogTests {
  @Test func `a line is JSON where no person reads`() throws {
    let text = try written(form: .json) {
      $0.info("listening", .text("address", "127.0.0.1:8080"), .number("hooks", 2))
    }
    #expect(
      text == "{\"time\":\"2026-09-21T14:13:20.000Z\",\"level\":\"info\",\"message\":\"listening\","
        + "\"address\":\"127.0.0.1:8080\",\"hooks\":2}\n")
  }

  @Test func `a line is short text on a terminal`() throws {
    let text = try written(form: .text) { $0.warning("slow disk", .text("why", "two words")) }
    #expect(text == "14:13:20 WARNING slow disk why=\"two words\"\n")
  }

  @Test(arguments: [LineLog.Form.json, .text])
  func `a value cannot forge a second line`(form: LineLog.Form) throws {
    let text = try written(form: form) { $0.info("refused", .text("hook", "a\nERROR b\u{1b}[0m\"")) }
    #expect(text.filter { $0 == "\n" }.count == 1)
    #expect(!text.contains("\u{1b}"))
  }

  @Test func `what stands below the threshold is not written`() throws {
    #expect(try written(form: .json) { $0.write(.debug, "detail", []) } == "")
  }

  @Test func `lines that a reader refused are counted in the next that gets through`() throws {
    let pipe = try Pipe()
    let log = LineLog(descriptor: pipe.writer, form: .json, time: FixedTime())
    pipe.fill()
    log.info("lost")
    pipe.drain()
    log.info("seen")
    #expect(pipe.drain().contains("\"lines_dropped\":1"))
  }

  private func written(form: LineLog.Form, _ body: (LineLog) -> Void) throws -> String {
    let pipe = try Pipe()
    body(LineLog(descriptor: pipe.writer, form: form, time: FixedTime()))
    return pipe.drain()
  }
}

private struct FixedTime: TimeSource {
  func now() -> Timestamp { Timestamp(seconds: 1_790_000_000) }
  func elapsed() -> Duration { .zero }
}

/// A pipe whose both ends never block.
private final class Pipe {
  let reader: Int32
  let writer: Int32

  struct Failure: Error {}

  init() throws {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw Failure() }
    for end in ends { guard fcntl(end, F_SETFL, O_NONBLOCK) == 0 else { throw Failure() } }
    reader = ends[0]
    writer = ends[1]
  }

  deinit {
    close(reader)
    close(writer)
  }

  func fill() {
    let chunk = [UInt8](repeating: 0, count: 4096)
    while unsafe write(writer, chunk, chunk.count) > 0 {}
    var one: UInt8 = 0
    while unsafe write(writer, &one, 1) > 0 {}
  }

  @discardableResult
  func drain() -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe read(reader, &chunk, chunk.count)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(contentsOf: chunk[..<count])
    }
  }
}
