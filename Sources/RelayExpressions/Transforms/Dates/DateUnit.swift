internal import RelayModel

/// A unit that dates are counted in.
enum DateUnit: String, CaseIterable, Sendable {
  case millisecond, second, minute, hour, day, week, month, quarter, year

  /// The unit by its name, or the plural of it.
  init(named name: String) throws(TransformError) {
    if let unit = DateUnit(rawValue: name.last == "s" ? String(name.dropLast()) : name) {
      self = unit
      return
    }
    let names = Self.allCases.map(\.rawValue)
    let hint = nearest(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
    throw TransformError("must be one of \(names.joined(separator: ", "))\(hint)")
  }

  /// Its length where that is the same everywhere.
  private var milliseconds: Int64? {
    switch self {
    case .millisecond: 1
    case .second: 1000
    case .minute: 60_000
    case .hour: 3_600_000
    case .day, .week, .month, .quarter, .year: nil
    }
  }

  private var days: Int64? {
    switch self {
    case .day: 1
    case .week: 7
    default: nil
    }
  }

  private var months: Int64 {
    switch self {
    case .quarter: 3
    case .year: 12
    default: 1
    }
  }

  /// Up to an hour along the time line; from a day on by what clocks show, the last day of a month where
  /// the month is too short.
  func add(_ count: Int64, to moment: Moment) throws(TransformError) -> Moment {
    if let milliseconds {
      return try Moment(instant: moment.instant + count * milliseconds, zone: moment.zone)
    }
    var fields = moment.fields
    if let days {
      let shifted = DateFields(local: (fields.days + count * days) * 86_400_000)
      (fields.year, fields.month, fields.day) = (shifted.year, shifted.month, shifted.day)
    } else {
      let total = fields.year * 12 + fields.month - 1 + count * months
      fields.year = total.dividedFloor(by: 12)
      fields.month = total - fields.year * 12 + 1
      fields.day = min(fields.day, CivilDate.daysInMonth(fields.year, fields.month))
    }
    guard (1...9999).contains(fields.year) else {
      throw TransformError("the date lies outside the years 1 to 9999")
    }
    return try Moment(fields, in: moment.zone)
  }

  /// How many whole units lie between, by the clock of `moment` from a day on; negative where `other` is later.
  func difference(_ moment: Moment, since other: Moment) -> Int64 {
    if let milliseconds { return (moment.instant - other.instant) / milliseconds }
    let a = moment.fields
    let b = other.fields
    if let days {
      return (a.seconds * 1000 + a.millisecond - b.seconds * 1000 - b.millisecond) / (days * 86_400_000)
    }
    var whole = (a.year - b.year) * 12 + a.month - b.month
    if whole > 0, a.withinMonth < b.withinMonth { whole -= 1 }
    if whole < 0, a.withinMonth > b.withinMonth { whole += 1 }
    return whole / months
  }

  /// The first instant of the unit that the moment lies in; weeks begin on Monday.
  func start(of moment: Moment) throws(TransformError) -> Moment {
    if let milliseconds {
      let local = moment.instant + moment.offset * 1000
      return try Moment(
        instant: moment.instant - (local - local.dividedFloor(by: milliseconds) * milliseconds),
        zone: moment.zone)
    }
    let fields = moment.fields
    var start = DateFields(year: fields.year)
    switch self {
    case .year: break
    case .quarter: start.month = (fields.month - 1) / 3 * 3 + 1
    case .month: start.month = fields.month
    case .week: start = DateFields(local: (fields.days - (fields.weekday + 6) % 7) * 86_400_000)
    default: (start.month, start.day) = (fields.month, fields.day)
    }
    return try Moment(start, in: moment.zone)
  }
}

extension DateFields {
  /// How far into its month this is, in milliseconds.
  fileprivate var withinMonth: Int64 {
    (seconds - CivilDate.toDays(year, month, 1) * 86_400) * 1000 + millisecond
  }
}
