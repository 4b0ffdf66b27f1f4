internal import RelayDocuments
internal import RelayModel

/// Reads dates that are written in one of the forms that say themselves what they mean.
enum DateText {
  /// ISO 8601, RFC 2822, or an epoch in seconds or, from 1e11 on, in milliseconds. `zone` holds where the
  /// text names none.
  static func read(_ value: JSON, zone: Zone) throws(TransformError) -> Moment {
    switch value {
    case .number:
      guard let epoch = Decimal(value) else { throw TransformError("the number is no epoch") }
      return try Moment(instant: milliseconds(epoch), zone: zone)
    case .string(let text): return try read(text.trimmed, zone: zone)
    case .null, .bool, .array, .object: throw TransformError("wants a date, not \(value.kindName)")
    }
  }

  private static func read(_ text: String, zone: Zone) throws(TransformError) -> Moment {
    let isNumber = text.utf8.drop { $0 == UInt8(ascii: "-") }.allSatisfy {
      (48...57).contains($0) || $0 == 46
    }
    if isNumber, text.utf8.count >= 9, !text.dropFirst().contains("-"), text.count(of: ".") <= 1,
      let epoch = Decimal(text: text)
    {
      return try Moment(instant: milliseconds(epoch), zone: zone)
    }
    if let moment = try ISODate.read(text, zone: zone) { return moment }
    if let moment = try MailDate.read(text, zone: zone) { return moment }
    guard !text.contains("/"), !isNumber || text.count(of: ".") != 2 else {
      throw TransformError("the order of day and month is not certain; give a format")
    }
    throw TransformError("neither ISO 8601 nor RFC 2822 nor an epoch; give a format")
  }

  private static func milliseconds(_ epoch: Decimal) throws(TransformError) -> Int64 {
    let isMilliseconds = epoch.magnitude >= Decimal(100_000_000_000)
    let value = try epoch.shifted(by: isMilliseconds ? 0 : 3).rounded(places: 0, .floor)
    guard let milliseconds = value.int64, Moment.instants.contains(milliseconds) else {
      throw TransformError("the date lies outside the years 1 to 9999")
    }
    return milliseconds
  }
}

extension String {
  fileprivate func count(of character: Character) -> Int { self.count { $0 == character } }
}

/// ISO 8601: a calendar date, extended or basic, then perhaps a time and an offset.
enum ISODate {
  /// Nil for what has another form; an error for a day that does not exist.
  static func read(_ text: String, zone: Zone) throws(TransformError) -> Moment? {
    var reader = DigitReader(text)
    guard let year = reader.number(4) else { return nil }
    let isExtended = reader.skip("-")
    guard let month = reader.number(2) else { return nil }
    guard !isExtended || reader.isAtEnd || reader.skip("-") else { return nil }
    var fields = DateFields(year: year, month: month)
    if !reader.isAtEnd || !isExtended {
      guard let day = reader.number(2) else { return nil }
      fields.day = day
    }
    var written: Zone?
    if !reader.isAtEnd {
      guard reader.skip("T") || reader.skip("t") || reader.skip(" "), reader.clock(&fields) else {
        return nil
      }
      _ = reader.skip(" ")
      if !reader.isAtEnd {
        guard let offset = OffsetText.read(reader.rest) else { return nil }
        written = Zone(offset: offset)
      }
    }
    guard fields.isReal else { throw TransformError("there is no such day or time") }
    return try Moment(fields, in: written ?? zone)
  }
}

/// RFC 2822: `Fri, 02 Jan 2026 03:04:05 +0100`.
enum MailDate {
  static func read(_ text: String, zone: Zone) throws(TransformError) -> Moment? {
    var words = text.split(separator: " ")[...]
    if words.first?.last == "," { words = words.dropFirst() }
    guard (3...5).contains(words.count) else { return nil }
    let parts = Array(words)
    guard parts[0].utf8.count <= 2, let day = Int64(parts[0]), let month = DateNames.month(parts[1]),
      parts[2].utf8.count == 4, let year = Int64(parts[2])
    else { return nil }
    var fields = DateFields(year: year, month: month, day: day)
    if parts.count > 3 {
      var reader = DigitReader(String(parts[3]))
      guard reader.clock(&fields), reader.isAtEnd else { return nil }
    }
    var written: Zone?
    if parts.count > 4 {
      guard let offset = OffsetText.read(parts[4]) ?? american[parts[4]] else { return nil }
      written = Zone(offset: offset * 1)
    }
    guard fields.isReal else { throw TransformError("there is no such day or time") }
    return try Moment(fields, in: written ?? zone)
  }

  /// The names that RFC 2822 keeps from older mail.
  private static let american: [Substring: Int64] = [
    "EST": -18_000, "EDT": -14_400, "CST": -21_600, "CDT": -18_000, "MST": -25_200, "MDT": -21_600,
    "PST": -28_800, "PDT": -25_200,
  ]
}

/// Reads numbers of fixed width from a text.
struct DigitReader {
  private var left: Substring

  init(_ text: String) { left = text[...] }

  var isAtEnd: Bool { left.isEmpty }
  var rest: Substring { left }

  mutating func skip(_ character: Character) -> Bool {
    guard left.first == character else { return false }
    left.removeFirst()
    return true
  }

  /// Exactly so many digits; nil and nothing read where there are fewer.
  mutating func number(_ digits: Int) -> Int64? {
    let run = left.prefix(digits)
    guard run.count == digits, run.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
    left = left.dropFirst(digits)
    return Int64(run)
  }

  /// From `least` to `most` digits.
  mutating func number(_ least: Int, _ most: Int) -> Int64? {
    let run = left.prefix(most).prefix { ("0"..."9").contains($0) }
    guard run.count >= least, let value = Int64(run) else { return nil }
    left = left.dropFirst(run.count)
    return value
  }

  /// `hh:mm[:ss[.fraction]]` or `hhmm[ss]`.
  mutating func clock(_ fields: inout DateFields) -> Bool {
    guard let hour = number(2) else { return false }
    let isExtended = skip(":")
    guard let minute = number(2) else { return false }
    (fields.hour, fields.minute) = (hour, minute)
    if isExtended ? skip(":") : left.first?.isNumber == true {
      guard let second = number(2) else { return false }
      fields.second = second
      if skip(".") || skip(",") { return fraction(&fields) }
    }
    return true
  }

  /// Digits beyond the third are dropped.
  private mutating func fraction(_ fields: inout DateFields) -> Bool {
    let digits = left.prefix { ("0"..."9").contains($0) }
    guard !digits.isEmpty else { return false }
    left = left.dropFirst(digits.count)
    fields.millisecond =
      Int64(digits.prefix(3) + String(repeating: "0", count: max(0, 3 - digits.count))) ?? 0
    return true
  }

  mutating func skip(_ text: String) -> Bool {
    guard left.hasPrefix(text) else { return false }
    left = left.dropFirst(text.count)
    return true
  }

  mutating func letters() -> Substring {
    let run = left.prefix { $0.isLetter }
    left = left.dropFirst(run.count)
    return run
  }

  mutating func until(_ isEnd: (Character) -> Bool) -> Substring {
    let run = left.prefix { !isEnd($0) }
    left = left.dropFirst(run.count)
    return run
  }
}

/// English names, whatever the machine speaks.
enum DateNames {
  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
  ]
  static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

  /// The month by its name or the first three letters of it, from 1.
  static func month(_ name: Substring) -> Int64? {
    let lower = name.lowercased()
    let place = months.firstIndex { $0.lowercased() == lower || $0.prefix(3).lowercased() == lower }
    return place.map { Int64($0) + 1 }
  }
}
