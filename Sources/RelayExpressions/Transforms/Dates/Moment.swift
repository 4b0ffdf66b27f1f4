internal import RelayDocuments
internal import RelayModel

/// An instant with the clock it is told by.
struct Moment: Hashable, Sendable {
  /// Milliseconds since 1970.
  let instant: Int64
  let zone: Zone

  /// Years 1 to 9999, which four digits can tell.
  static let instants: Range<Int64> = -62_135_596_800_000..<253_402_300_800_000

  init(instant: Int64, zone: Zone) throws(TransformError) {
    guard Self.instants.contains(instant),
      Self.instants.contains(instant + zone.offset(at: instant / 1000) * 1000)
    else { throw TransformError("the date lies outside the years 1 to 9999") }
    self.instant = instant
    self.zone = zone
  }

  init(_ fields: DateFields, in zone: Zone) throws(TransformError) {
    let seconds = zone.instant(local: fields.seconds)
    try self.init(instant: seconds * 1000 + fields.millisecond, zone: zone)
  }

  /// Seconds east of UTC.
  var offset: Int64 { zone.offset(at: instant.dividedFloor(by: 1000)) }
  /// What clocks show.
  var fields: DateFields { DateFields(local: instant + offset * 1000) }

  /// The same instant, told by another clock; by its own where there is none.
  func told(in zone: Zone?) throws(TransformError) -> Moment {
    guard let zone else { return self }
    return try Moment(instant: instant, zone: zone)
  }

  /// ISO 8601 with the offset; a fraction of three digits where there is one.
  var iso: String {
    let fields = fields
    let fraction = fields.millisecond == 0 ? "" : "." + padded(fields.millisecond, 3)
    return "\(fields.date)T\(fields.clock)\(fraction)" + (offset == 0 ? "Z" : OffsetText.write(offset))
  }
}

/// What a calendar and a clock show.
struct DateFields: Hashable, Sendable {
  var year: Int64
  var month: Int64
  var day: Int64
  var hour: Int64 = 0
  var minute: Int64 = 0
  var second: Int64 = 0
  var millisecond: Int64 = 0

  init(year: Int64, month: Int64 = 1, day: Int64 = 1) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// - Parameter local: milliseconds since 1970 by the same clock.
  init(local: Int64) {
    let days = local.dividedFloor(by: 86_400_000)
    let date = CivilDate.fromDays(days)
    self.init(year: date.year, month: Int64(date.month), day: Int64(date.day))
    let rest = local - days * 86_400_000
    (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60)
    (second, millisecond) = (rest / 1000 % 60, rest % 1000)
  }

  var days: Int64 { CivilDate.toDays(year, month, day) }
  /// Since 1970 by the same clock.
  var seconds: Int64 { days * 86_400 + hour * 3600 + minute * 60 + second }
  /// 0 for Sunday.
  var weekday: Int64 { CivilDate.weekday(days) }
  var date: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }
  var clock: String { "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))" }

  /// Whether there is such a day and such a time. A leap second is the second after.
  var isReal: Bool {
    (1...9999).contains(year) && (1...12).contains(month)
      && (1...CivilDate.daysInMonth(year, month)).contains(day)
      && (0...23).contains(hour) && (0...59).contains(minute) && (0...60).contains(second)
  }
}

extension TransformInput {
  /// The value as a date: text in one of the forms of `parseDate`, or an epoch.
  func moment() throws(TransformError) -> Moment {
    guard let value else { throw wants("a date") }
    return try DateText.read(value, zone: .utc)
  }
}
