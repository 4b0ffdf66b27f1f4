import Glibc
import RelayDocuments
import Testing

/// The real binary on a data file that is not what it was: a flipped bit, a page of garbage, a missing end.
///
/// It may refuse to start with a sentence, or set aside what is damaged. It never ends by a signal, and never
/// delivers what was not sent. `make faults` tries more files; `RelayStoreTests` flips thousands of bits under the
/// same code.
@Suite(.serialized, .enabled(if: Disk.isThere)) struct DamagedFileTests {
  private static let files = RelayProcess.environment("PETREL_FAULT_FILES").flatMap(Int.init) ?? 5
  private static let events = 40

  @Test func `a damaged file is refused or set aside, never a signal, never delivered`() throws {
    let isOpen = Flag()
    let sink = try Sink { _, _ in isOpen.isSet ? .answer(200) : .answer(503) }
    defer { sink.close() }
    let installation = try Installation(
      workflow: """
        { "name": "test", "on": { "hook": "github" }, "retry": { "initial": "10ms", "max": "50ms" },
          "steps": [ { "id": "send", "http": { "method": "POST", "url": "http://127.0.0.1:\(sink.port)/",
            "body": "{{ event.raw }}" } } ] }
        """, extra: "egress: { breaker: { failures: 100000 } }", maxSize: "16MiB")
    let sound = try fill(installation)
    let sent = Set((0..<Self.events).map(Self.body) + [Self.body(Self.events)])
    isOpen.set()
    var refused = 0
    for seed in 0..<Self.files {
      var random = SeededRandom(UInt64(seed))
      try Self.write(Self.damaged(sound, &random), to: "\(installation.folder.path)/data/data.mdb")
      let process = try installation.launch()
      defer { process.signal(SIGKILL) }
      let isUp = Installation.until { process.hasEnded || installation.isUp }
      #expect(isUp, "seed \(seed): it neither starts nor refuses")
      if process.hasEnded {
        refused += 1
        let status = process.wait()
        #expect([74, 78].contains(status), "seed \(seed): \(status)")
      } else {
        #expect([200, 202, 503].contains(try installation.deliver(Self.body(Self.events), id: "new").status))
        let isQuiet = Installation.until {
          process.hasEnded || (try? installation.admin("/api/status")["backlog"]) == 0
        }
        #expect(isQuiet, "seed \(seed): the others are not served")
        process.signal(SIGTERM)
        let status = process.wait()
        #expect([0, 74].contains(status), "seed \(seed): \(status)")
      }
    }
    let strange = sink.deliveries.filter { !sent.contains($0.body) }
    #expect(strange.isEmpty, "\(strange.prefix(2))")
    #expect(!sink.deliveries.isEmpty)
    print(
      "damaged files: \(Self.files), refused at the start \(refused), deliveries \(sink.deliveries.count)")
  }

  private static func body(_ number: Int) -> String {
    #"{"n":\#(number),"pad":"\#(String(repeating: "ab", count: number * number * 3))"}"#
  }

  /// A store with events that wait for their destination; answers the file.
  private func fill(_ installation: Installation) throws -> [UInt8] {
    let process = try installation.start()
    for number in 0..<Self.events {
      #expect(try installation.deliver(Self.body(number), id: "d-\(number)").status == 202)
    }
    process.destroy()
    return try Bytes.of("\(installation.folder.path)/data/data.mdb")
  }

  private static func damaged(_ sound: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = sound
    let used = (sound.lastIndex { $0 != 0 } ?? 0) / 4096 + 1
    switch random.below(8) {
    case 0: bytes.removeSubrange(random.below(used * 4096)...)
    case 1:
      let page = random.below(used) * 4096
      for place in page..<page + 4096 { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
    default: bytes[random.below(used * 4096)] ^= 1 << UInt8(random.below(8))
    }
    return bytes
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    _ = unsafe unlink(path)
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT, 0o600)
    defer { close(descriptor) }
    guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw Folder.Failure(what: "write \(path)")
    }
  }
}
