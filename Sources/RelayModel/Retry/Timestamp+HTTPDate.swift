extension Timestamp {
  /// Reads an HTTP date in any of the three forms that RFC 9110, section 5.6.7, has recipients
  /// accept. Nil for anything else. The day's name is not compared with the date.
  ///
  ///     Sun, 06 Nov 1994 08:49:37 GMT
  ///     Sunday, 06-Nov-94 08:49:37 GMT
  ///     Sun Nov  6 08:49:37 1994
  package init?(httpDate text: some StringProtocol) {
    let words = Array(text.utf8).split { byte in [32, 44, 45, 58].contains(byte) }.map { Array($0) }
    guard words.count == 8 || words.count == 7, words[0].allSatisfy(Self.isLetter) else { return nil }
    let isAsctime = words.count == 7
    guard isAsctime || words[7] == Array("GMT".utf8) else { return nil }
    let order = isAsctime ? (day: 2, month: 1, year: 6, clock: 3) : (day: 1, month: 2, year: 3, clock: 4)
    guard let day = Self.number(words[order.day], 1...2), let month = Self.month(words[order.month]),
      let year = Self.year(words[order.year]),
      let hour = Self.number(words[order.clock], 2...2), hour < 24,
      let minute = Self.number(words[order.clock + 1], 2...2), minute < 60,
      let second = Self.number(words[order.clock + 2], 2...2), second <= 60,
      (1...CivilDate.daysInMonth(year, month)).contains(day)
    else { return nil }
    self.init(seconds: CivilDate.toDays(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }

  private static func number(_ digits: [UInt8], _ length: ClosedRange<Int>) -> Int64? {
    guard length.contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
  }

  private static func month(_ name: [UInt8]) -> Int64? {
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return names.firstIndex { name == Array($0.utf8) }.map { Int64($0) + 1 }
  }

  /// Four digits, or the two of RFC 850: the century that puts the year nearest to ours.
  private static func year(_ digits: [UInt8]) -> Int64? {
    if let year = number(digits, 4...4) { return year }
    return number(digits, 2...2).map { $0 < 70 ? 2000 + $0 : 1900 + $0 }
  }
}
