internal import RelayModel

private let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
private let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

extension Timestamp {
  /// Reads an HTTP date in its one current form: `Tue, 15 Nov 1994 08:12:31 GMT` (RFC 9110, 5.6.7); the
  /// name of the day is not checked. Nil for anything else.
  init?(httpDate text: ArraySlice<UInt8>) {
    let parts = text.text.split(separator: " ")
    guard parts.count == 6, parts[0].hasSuffix(","), parts[5] == "GMT" || parts[5] == "UTC",
      let day = Int64(parts[1]), let month = months.firstIndex(of: String(parts[2])),
      let year = Int64(parts[3]), (1970...9999).contains(year)
    else { return nil }
    let clock = parts[4].split(separator: ":").compactMap { Int64($0) }
    let monthNumber = Int64(month) + 1
    guard (1...CivilDate.daysInMonth(year, monthNumber)).contains(day), clock.count == 3,
      (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (0...60).contains(clock[2])
    else { return nil }
    let days = CivilDate.toDays(year, monthNumber, day)
    self.init(seconds: days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2])
  }

  /// The same form, cut to seconds.
  var httpDate: String {
    let days = seconds.dividedFloor(by: 86_400)
    let rest = seconds - days * 86_400
    let (year, month, day) = CivilDate.fromDays(days)
    let weekday = weekdays[Int(days - days.dividedFloor(by: 7) * 7)]
    return "\(weekday), \(padded(Int64(day), 2)) \(months[month - 1]) \(padded(year, 4)) "
      + "\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2)) GMT"
  }
}
