internal import RelayDocuments
internal import RelayModel

extension Transforms {
  /// Rows 30 to 34: dates, as text in ISO 8601 with the offset.
  static let dates: [Transform] = [
    Transform(
      30, "parseDate", "A date in ISO 8601 from text in a given format, or from an epoch.",
      [.optional("format", .datePattern(["auto"]), "auto"), .optional("tz", .zone, "UTC")], parseDate),
    Transform(
      31, "formatDate", "A date as text by a pattern, or in a form that has a name.",
      [.required("pattern", .datePattern(DateForm.names)), .optional("tz", .zone)], formatDate),
    Transform(
      32, "dateAdd", "So many units later, or earlier.",
      [
        .required("n", .integer(-1_000_000_000...1_000_000_000)), .required("unit", .unit),
        .optional("tz", .zone),
      ],
      dateAdd),
    Transform(
      33, "dateDiff", "How many whole units the date lies after another one.",
      [.required("other", .any), .required("unit", .unit), .optional("tz", .zone)], dateDiff),
    Transform(
      34, "startOf", "The first instant of the unit that the date lies in.",
      [.required("unit", .unit), .optional("tz", .zone)], startOf),
    Transform(
      34, "endOf", "The last millisecond of the unit that the date lies in.",
      [.required("unit", .unit), .optional("tz", .zone)], endOf),
  ]

  @Sendable private static func parseDate(_ input: TransformInput) throws(TransformError) -> JSON? {
    let zone = input.zone(1) ?? .utc
    guard let value = input.value else { throw input.wants("a date") }
    guard let pattern = input.datePattern(0) else { return .string(try DateText.read(value, zone: zone).iso) }
    return .string(try pattern.read(try input.text(), zone: zone).iso)
  }

  @Sendable private static func formatDate(_ input: TransformInput) throws(TransformError) -> JSON? {
    let moment = try input.moment().told(in: input.zone(1))
    if let pattern = input.datePattern(0) { return .string(pattern.text(of: moment)) }
    return DateForm(rawValue: input.text(0))?.write(moment)
  }

  @Sendable private static func dateAdd(_ input: TransformInput) throws(TransformError) -> JSON? {
    let moment = try input.moment().told(in: input.zone(2))
    return .string(try input.unit(1).add(Int64(input.int(0)), to: moment).iso)
  }

  @Sendable private static func dateDiff(_ input: TransformInput) throws(TransformError) -> JSON? {
    let moment = try input.moment().told(in: input.zone(2))
    let other = try DateText.read(input.argument(0) ?? .null, zone: .utc).told(in: moment.zone)
    return .number(JSONNumber(text: String(input.unit(1).difference(moment, since: other))))
  }

  @Sendable private static func startOf(_ input: TransformInput) throws(TransformError) -> JSON? {
    .string(try input.unit(0).start(of: try input.moment().told(in: input.zone(1))).iso)
  }

  @Sendable private static func endOf(_ input: TransformInput) throws(TransformError) -> JSON? {
    let unit = input.unit(0)
    let next = try unit.add(1, to: try unit.start(of: try input.moment().told(in: input.zone(1))))
    return .string(try Moment(instant: next.instant - 1, zone: next.zone).iso)
  }
}

/// The forms of dates that have a name.
enum DateForm: String, CaseIterable {
  case iso, date, rfc2822, epoch, epochMs

  static let names = allCases.map(\.rawValue)

  func write(_ moment: Moment) -> JSON {
    switch self {
    case .iso: .string(moment.iso)
    case .date: .string(moment.fields.date)
    case .rfc2822: .string(Self.mail(moment))
    case .epoch: .number(JSONNumber(text: String(moment.instant.dividedFloor(by: 1000))))
    case .epochMs: .number(JSONNumber(text: String(moment.instant)))
    }
  }

  private static func mail(_ moment: Moment) -> String {
    let fields = moment.fields
    let weekday = DateNames.weekdays[Int(fields.weekday)].prefix(3)
    let month = DateNames.months[Int(fields.month) - 1].prefix(3)
    return "\(weekday), \(padded(fields.day, 2)) \(month) \(padded(fields.year, 4)) \(fields.clock) "
      + OffsetText.write(moment.offset, separator: "")
  }
}
