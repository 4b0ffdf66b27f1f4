internal import RelayModel

/// How far clocks at a place are from UTC, and when they change.
struct Zone: Hashable, Sendable {
  /// Seconds east of UTC in standard time, and in summer time where there is one.
  private let standard: Int64
  private let summer: Summer?

  private struct Summer: Hashable, Sendable {
    let offset: Int64
    /// In standard time and in summer time.
    let begin: YearlyInstant
    let end: YearlyInstant
  }

  static let utc = Zone(offset: 0)

  /// Always so many seconds east of UTC.
  init(offset: Int64) {
    standard = offset
    summer = nil
  }

  /// `UTC`, `Z`, `+02:00`, or a name of the zone database.
  init(named name: String) throws(TransformError) {
    if let offset = OffsetText.read(name) {
      self.init(offset: offset)
    } else if let rule = ZoneTable.rules[name[...]], let zone = Zone(rule: rule) {
      self = zone
    } else {
      let hint = nearest(to: name, among: ZoneTable.rules.keys.map(String.init)).map {
        "; did you mean \"\($0)\"?"
      }
      throw TransformError("no time zone of that name\(hint ?? "")")
    }
  }

  /// A rule such as `CET-1CEST,M3.5.0,M10.5.0/3`; nil for what is none.
  private init?(rule: Substring) {
    let parts = rule.split(separator: ",")
    var clocks = parts[0]
    Self.skipAbbreviation(&clocks)
    guard let west = Self.span(&clocks) else { return nil }
    standard = -west
    guard !clocks.isEmpty else {
      summer = nil
      return
    }
    Self.skipAbbreviation(&clocks)
    let offset = Self.span(&clocks).map { -$0 } ?? standard + 3600
    guard parts.count == 3, let begin = YearlyInstant(parts[1]), let end = YearlyInstant(parts[2]) else {
      return nil
    }
    summer = Summer(offset: offset, begin: begin, end: end)
  }

  /// Seconds east of UTC at an instant.
  func offset(at instant: Int64) -> Int64 {
    guard let summer else { return standard }
    let year = CivilDate.fromDays((instant + standard).dividedFloor(by: 86_400)).year
    let begin = summer.begin.seconds(in: year) - standard
    let end = summer.end.seconds(in: year) - summer.offset
    let isSummer = begin < end ? (begin..<end).contains(instant) : !(end..<begin).contains(instant)
    return isSummer ? summer.offset : standard
  }

  /// The instant at which clocks show `local`, in seconds: the first of two; where clocks skip that time,
  /// as much after the change as it would have been.
  func instant(local: Int64) -> Int64 {
    guard let summer else { return local - standard }
    let offsets = [max(standard, summer.offset), min(standard, summer.offset)]
    let offset = offsets.first { self.offset(at: local - $0) == $0 } ?? offsets[1]
    return local - offset
  }

  private static func skipAbbreviation(_ text: inout Substring) {
    if text.first == "<" {
      text = text.drop { $0 != ">" }.dropFirst()
    } else {
      text = text.drop { $0.isLetter }
    }
  }

  /// `-1`, `5:30`: hours, minutes, seconds. Nil where there is none.
  fileprivate static func span(_ text: inout Substring) -> Int64? {
    let written = text.prefix { $0.isNumber || $0 == "-" || $0 == "+" || $0 == ":" }
    text = text.dropFirst(written.count)
    let parts = written.drop { $0 == "-" || $0 == "+" }.split(separator: ":").compactMap { Int64($0) }
    guard !parts.isEmpty else { return nil }
    let seconds = zip(parts, [3600, 60, 1] as [Int64]).reduce(0) { $0 + $1.0 * $1.1 }
    return written.first == "-" ? -seconds : seconds
  }
}

/// A weekday of a month at a time of day: `M3.5.0/2` is the last Sunday of March, at two.
private struct YearlyInstant: Hashable, Sendable {
  let month: Int64
  let week: Int64
  let weekday: Int64
  let time: Int64

  init?(_ text: Substring) {
    let halves = text.split(separator: "/")
    let numbers = halves[0].dropFirst().split(separator: ".").compactMap { Int64($0) }
    guard halves[0].first == "M", numbers.count == 3 else { return nil }
    (month, week, weekday) = (numbers[0], numbers[1], numbers[2])
    var clock = halves.count > 1 ? halves[1] : "2"
    guard let time = Zone.span(&clock) else { return nil }
    self.time = time
  }

  /// Seconds since 1970 of the clock that the instant is told by.
  func seconds(in year: Int64) -> Int64 {
    let first = CivilDate.toDays(year, month, 1)
    let ahead = (weekday - CivilDate.weekday(first) + 7) % 7
    var day = first + ahead + (week - 1) * 7
    if day >= first + CivilDate.daysInMonth(year, month) { day -= 7 }
    return day * 86_400 + time
  }
}

extension CivilDate {
  /// 0 for Sunday.
  static func weekday(_ days: Int64) -> Int64 { ((days + 4) % 7 + 7) % 7 }
}

/// Offsets from UTC as they are written.
enum OffsetText {
  /// `Z`, `UTC`, `GMT`, `+02:00`, `+0200`, `+02`; nil for anything else.
  static func read(_ text: some StringProtocol) -> Int64? {
    switch text {
    case "Z", "z", "UTC", "GMT", "UT": return 0
    default: break
    }
    guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
    let rest = String(text.dropFirst())
    let digits = rest.filter { $0 != ":" }
    guard digits.count == 2 || digits.count == 4, digits.allSatisfy({ ("0"..."9").contains($0) }),
      rest.count == digits.count || (rest.count == 5 && Array(rest)[2] == ":"),
      let hours = Int64(digits.prefix(2)), let minutes = Int64("0" + digits.dropFirst(2)),
      hours < 24, minutes < 60
    else { return nil }
    return (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
  }

  /// `+02:00`; the separator may be empty.
  static func write(_ offset: Int64, separator: String = ":") -> String {
    let minutes = abs(offset) / 60
    return (offset < 0 ? "-" : "+") + padded(minutes / 60, 2) + separator + padded(minutes % 60, 2)
  }
}
