internal import RelayModel

/// How far clocks at a place are from UTC, and when they change.
struct Zone: Hashable, Sendable {
  private let rule: ZoneRule

  static let utc = Zone(offset: 0)

  /// Always so many seconds east of UTC.
  init(offset: Int64) { self.init(rule: ZoneRule(offset: offset)) }

  private init(rule: ZoneRule) { self.rule = rule }

  /// `UTC`, `Z`, `+02:00`, or a name of the zone database.
  init(named name: String) throws(TransformError) {
    if let offset = OffsetText.read(name) {
      self.init(offset: offset)
    } else if let rule = ZoneTable.rules[name[...]].flatMap({ ZoneRule(String($0)) }) {
      self.init(rule: rule)
    } else {
      let hint = nearest(to: name, among: ZoneTable.rules.keys.map(String.init)).map {
        "; did you mean \"\($0)\"?"
      }
      throw TransformError("no time zone of that name\(hint ?? "")")
    }
  }

  /// Seconds east of UTC at an instant.
  func offset(at instant: Int64) -> Int64 { rule.offset(at: instant) }

  /// The instant at which clocks show `local`, in seconds: the first of two; where clocks skip that time,
  /// as much after the change as it would have been.
  func instant(local: Int64) -> Int64 {
    let offsets = rule.offsets
    let offset = offsets.first { self.offset(at: local - $0) == $0 } ?? offsets[offsets.count - 1]
    return local - offset
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
