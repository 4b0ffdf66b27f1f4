import RelayModel

/// The last events of a run, as lines: written only for a seed that is run again because it failed.
final class History {
  private let time: VirtualTime
  private let isKept: Bool
  private var lines: [String] = []
  /// Of every line, so that two runs of a seed can be compared.
  private(set) var fingerprint: UInt64 = 0xCBF2_9CE4_8422_2325

  init(_ time: VirtualTime, isKept: Bool) {
    self.time = time
    self.isKept = isKept
  }

  func note(_ text: @autoclosure () -> String) {
    guard isKept else { return }
    let line = "\(time.elapsed().text) \(text())"
    for byte in line.utf8 { fingerprint = (fingerprint ^ UInt64(byte)) &* 0x0100_0000_01B3 }
    lines.append(line)
  }

  func last(_ count: Int) -> [String] { lines.suffix(count) }
}
