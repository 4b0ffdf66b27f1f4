import RelayAdmin
import RelayModel
import Testing

@testable import RelayService

@Suite struct ProcessFiguresTests {
  private static let line =
    "71 (a) b) (c) S 1 71 71 0 -1 4194560 500 0 0 0 250 50 0 0 20 0 9 0 12345 104857600 2048 1844 1 1 0"

  @Test func `a name with parentheses and spaces does not shift the fields`() throws {
    let stat = try #require(ProcessStat(Self.line, tick: 100, page: 4096))
    #expect(stat.cpuSeconds == 3)
    #expect(stat.startSeconds == 123.45)
    #expect(stat.virtualBytes == 104_857_600)
    #expect(stat.residentBytes == 2048 * 4096)
  }

  @Test(arguments: ["", "71", "71 (petrel) S 1 2 3", "71 (petrel) " + String(repeating: "x ", count: 30)])
  func `a line that is not one gives no figures`(line: String) {
    #expect(ProcessStat(line, tick: 100, page: 4096) == nil)
  }

  @Test func `this process has used time, memory and descriptors, and began before now`() throws {
    let families = ProcessFigures.families()
    func value(_ name: String) throws -> Double {
      let family = try #require(families.first { $0.name == name })
      guard case .number(let number) = family.samples[0].value else { return -1 }
      return number
    }
    #expect(try value("process_cpu_seconds_total") > 0)
    #expect(try value("process_resident_memory_bytes") > 1_048_576)
    #expect(try value("process_virtual_memory_bytes") > value("process_resident_memory_bytes"))
    #expect(try value("process_open_fds") >= 3 && value("process_open_fds") <= value("process_max_fds"))
    #expect(try value("process_start_time_seconds") > 1_700_000_000)
    #expect(try value("process_start_time_seconds") < Double(SystemTime().now().milliseconds) / 1000 + 1)
  }
}
