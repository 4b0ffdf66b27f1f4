/// A number of bytes. Written `8MiB` in the configuration: `N(B|KiB|MiB|GiB)`.
package struct ByteCount: Hashable, Comparable, Sendable {
  package var bytes: Int

  package init(_ bytes: Int) { self.bytes = bytes }
  package static func kibibytes(_ n: Int) -> ByteCount { ByteCount(n << 10) }
  package static func mebibytes(_ n: Int) -> ByteCount { ByteCount(n << 20) }
  package static func gibibytes(_ n: Int) -> ByteCount { ByteCount(n << 30) }

  package static func < (a: ByteCount, b: ByteCount) -> Bool { a.bytes < b.bytes }

  /// Reads `N(B|KiB|MiB|GiB)`. Nil for anything else, and for a size beyond Int.
  package init?(text: some StringProtocol) {
    let units: [(String, Int)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)]
    for (unit, factor) in units where text.hasSuffix(unit) {
      guard let number = wholeNumber(text.dropLast(unit.count)) else { return nil }
      let (product, overflow) = number.multipliedReportingOverflow(by: factor)
      guard !overflow else { return nil }
      self.bytes = product
      return
    }
    return nil
  }

  /// The shortest exact way to write it.
  package var text: String {
    for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)]
    where bytes != 0 && bytes & ((1 << shift) - 1) == 0 { return "\(bytes >> shift)\(unit)" }
    return "\(bytes)B"
  }
}

extension Duration {
  /// Reads `N(ms|s|m|h|d)`. Nil for anything else, and for a span beyond 100,000 days.
  package init?(text: some StringProtocol) {
    let units: [(String, Int)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
    for (unit, factor) in units where text.hasSuffix(unit) {
      guard let number = wholeNumber(text.dropLast(unit.count)) else { continue }
      let (product, overflow) = number.multipliedReportingOverflow(by: factor)
      guard !overflow, product <= 8_640_000_000_000 else { return nil }
      self = .milliseconds(product)
      return
    }
    return nil
  }

  /// The shortest exact way to write it in the configuration's form.
  package var text: String {
    let milliseconds = wholeMilliseconds
    for (unit, factor) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)]
      as [(String, Int64)]
    where milliseconds != 0 && milliseconds % factor == 0 { return "\(milliseconds / factor)\(unit)" }
    return "\(milliseconds)ms"
  }
}

/// A plain decimal number: digits only, no sign, no blanks.
private func wholeNumber(_ text: some StringProtocol) -> Int? {
  guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
  return Int(text)
}
