internal import RelayModel

/// The rule of a zone for all time to come, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Hashable, Sendable {
  private let standard: Int64
  private var daylight: Daylight?

  /// Clocks in summer.
  private struct Daylight: Hashable {
    let offset: Int64
    let start: Day
    let end: Day
  }

  /// A day of every year, and a time on it.
  private struct Day: Hashable {
    enum Kind: Hashable {
      /// Week 5 is the last; Sunday is 0.
      case month(Int64, week: Int64, weekday: Int64)
      /// From 1, without 29 February.
      case julian(Int64)
      /// From 0, with it.
      case plain(Int64)
    }

    var kind: Kind
    /// Seconds after midnight, which may be negative or beyond the day.
    var time: Int64

    /// Seconds since the epoch by the clock on the wall.
    func seconds(_ year: Int64) -> Int64 {
      let days: Int64
      switch kind {
      case .month(let month, let week, let weekday):
        let first = CivilDate.toDays(year, month, 1)
        var day = (weekday - CivilDate.weekday(first) + 7) % 7 + (week - 1) * 7
        while day >= CivilDate.daysInMonth(year, month) { day -= 7 }
        days = first + day
      case .julian(let day):
        let isAfterLeapDay = day >= 60 && CivilDate.daysInMonth(year, 2) == 29
        days = CivilDate.toDays(year, 1, 1) + day - 1 + (isAfterLeapDay ? 1 : 0)
      case .plain(let day): days = CivilDate.toDays(year, 1, 1) + day
      }
      return days * 86_400 + time
    }
  }

  init?(_ text: String) {
    var scanner = Scanner(bytes: Array(text.utf8)[...])
    guard scanner.name(), let standard = scanner.offset() else { return nil }
    self.standard = -standard
    guard !scanner.bytes.isEmpty else { return }
    guard scanner.name() else { return nil }
    var daylight = self.standard + 3600
    if scanner.bytes.first != UInt8(ascii: ",") {
      guard let offset = scanner.offset() else { return nil }
      daylight = -offset
    }
    guard scanner.take(","), let start = scanner.day(), scanner.take(","), let end = scanner.day() else {
      return nil
    }
    self.daylight = Daylight(offset: daylight, start: start, end: end)
  }

  /// Always so many seconds east of Greenwich.
  init(offset: Int64) { standard = offset }

  /// Every offset that it knows, the one farthest east first.
  var offsets: [Int64] {
    guard let daylight else { return [standard] }
    return [max(standard, daylight.offset), min(standard, daylight.offset)]
  }

  /// Seconds east of Greenwich.
  func offset(at seconds: Int64) -> Int64 {
    guard let daylight else { return standard }
    let year = CivilDate.fromDays((seconds + standard).dividedFloor(by: 86_400)).year
    let start = daylight.start.seconds(year) - standard
    let end = daylight.end.seconds(year) - daylight.offset
    let isDaylight =
      start < end ? seconds >= start && seconds < end : !(seconds >= end && seconds < start)
    return isDaylight ? daylight.offset : standard
  }

  private struct Scanner {
    var bytes: ArraySlice<UInt8>

    mutating func take(_ letter: Unicode.Scalar) -> Bool {
      guard bytes.first == UInt8(ascii: letter) else { return false }
      bytes.removeFirst()
      return true
    }

    /// An abbreviation, in angle brackets where it is no word.
    mutating func name() -> Bool {
      if take("<") {
        guard let end = bytes.firstIndex(of: UInt8(ascii: ">")) else { return false }
        bytes = bytes[(end + 1)...]
        return true
      }
      let letters = bytes.prefix { (97...122).contains($0 | 0x20) }
      bytes = bytes.dropFirst(letters.count)
      return letters.count >= 3
    }

    mutating func number() -> Int64? {
      let digits = bytes.prefix { $0.isDigit }.prefix(4)
      bytes = bytes.dropFirst(digits.count)
      return Int64(String(decoding: digits, as: UTF8.self))
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func offset() -> Int64? {
      let isNegative = take("-")
      if !isNegative { _ = take("+") }
      guard let hours = number() else { return nil }
      var seconds = hours * 3600
      for unit: Int64 in [60, 1] where take(":") {
        guard let part = number() else { return nil }
        seconds += part * unit
      }
      return isNegative ? -seconds : seconds
    }

    mutating func day() -> Day? {
      let kind: Day.Kind
      if take("M") {
        guard let month = number(), take("."), let week = number(), take("."), let weekday = number(),
          (1...12).contains(month), (1...5).contains(week), weekday < 7
        else { return nil }
        kind = .month(month, week: week, weekday: weekday)
      } else if take("J") {
        guard let day = number(), (1...365).contains(day) else { return nil }
        kind = .julian(day)
      } else {
        guard let day = number(), day < 366 else { return nil }
        kind = .plain(day)
      }
      guard take("/") else { return Day(kind: kind, time: 7200) }
      return offset().map { Day(kind: kind, time: $0) }
    }
  }
}
