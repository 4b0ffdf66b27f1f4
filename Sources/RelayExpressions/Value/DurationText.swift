extension Duration {
  /// Nanoseconds, cut towards zero; nil beyond 64 bits, some 292 years.
  package var nanoseconds: Int64? {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return nil }
    let (sum, overflowed) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflowed ? nil : sum
  }

  /// In seconds: `5400s`, `-0.25s`.
  package var secondsText: String {
    let (seconds, attoseconds) = components
    let sign = seconds < 0 || attoseconds < 0 ? "-" : ""
    return "\(sign)\(seconds.magnitude)\(fractionText(Int64(attoseconds.magnitude / 1_000_000_000)))s"
  }

  /// Reads `1h45m47.5s`: numbers, each with one of the units h m s ms us ns, a sign before all. Nil for
  /// anything else and beyond 64 bits of nanoseconds.
  package init?(goText text: String) {
    var bytes = Array(text.utf8)[...]
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
    if bytes.elementsEqual([UInt8(ascii: "0")]) {
      self = .zero
      return
    }
    guard !bytes.isEmpty else { return nil }
    var total: Int64 = 0
    while !bytes.isEmpty {
      guard let part = Self.part(&bytes) else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(part)
      guard !overflow else { return nil }
      total = sum
    }
    self = .nanoseconds(isNegative ? -total : total)
  }

  private static let units: [(name: [UInt8], nanoseconds: Int64)] = [
    (Array("ns".utf8), 1), (Array("us".utf8), 1000), (Array("µs".utf8), 1000), (Array("μs".utf8), 1000),
    (Array("ms".utf8), 1_000_000), (Array("s".utf8), 1_000_000_000), (Array("m".utf8), 60_000_000_000),
    (Array("h".utf8), 3_600_000_000_000),
  ]

  private static func part(_ bytes: inout ArraySlice<UInt8>) -> Int64? {
    let whole = bytes.prefix { $0.isDigit }
    bytes = bytes.dropFirst(whole.count)
    var fraction: ArraySlice<UInt8> = []
    if bytes.first == UInt8(ascii: ".") {
      bytes.removeFirst()
      fraction = bytes.prefix { $0.isDigit }
      bytes = bytes.dropFirst(fraction.count)
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    let name = bytes.prefix { !$0.isDigit && $0 != UInt8(ascii: ".") }
    bytes = bytes.dropFirst(name.count)
    guard let unit = units.first(where: { name.elementsEqual($0.name) }) else { return nil }
    var value: Int64 = 0
    for digit in whole {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowed) = product.addingReportingOverflow(Int64(digit - 48))
      guard !overflow, !overflowed else { return nil }
      value = sum
    }
    let (product, overflow) = value.multipliedReportingOverflow(by: unit.nanoseconds)
    var scale = unit.nanoseconds
    var rest: Int64 = 0
    for digit in fraction where scale >= 10 {
      scale /= 10
      rest += Int64(digit - 48) * scale
    }
    let (sum, overflowed) = product.addingReportingOverflow(rest)
    return overflow || overflowed ? nil : sum
  }
}
