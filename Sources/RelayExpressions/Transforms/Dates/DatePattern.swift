internal import RelayModel

/// A pattern of Unicode's LDML such as `dd.MM.yyyy HH:mm`, to write and to read dates by.
struct DatePattern: Hashable, Sendable {
  private let parts: [Part]

  private enum Part: Hashable, Sendable {
    case literal(String)
    case field(Character, count: Int)
  }

  /// The letters that stand for something, with the most of each in a row.
  private static let fields: [Character: Int] = [
    "y": 4, "M": 4, "d": 2, "D": 3, "E": 4, "a": 1, "H": 2, "h": 2, "m": 2, "s": 2, "S": 9, "X": 3, "x": 3,
    "Z": 5,
    "Q": 1,
  ]

  init(_ text: String) throws(TransformError) {
    var parts: [Part] = []
    var rest = text[...]
    while let first = rest.first {
      if first == "'" {
        let literal = Self.quoted(&rest)
        guard let literal else { throw TransformError("a quote is not closed") }
        parts.append(.literal(literal))
      } else if first.isASCII, first.isLetter {
        let run = rest.prefix { $0 == first }
        guard let most = Self.fields[first], run.count <= most else {
          throw TransformError("no such field \"\(run)\" in a date pattern; put text in single quotes")
        }
        parts.append(.field(first, count: run.count))
        rest = rest.dropFirst(run.count)
      } else {
        parts.append(.literal(String(first)))
        rest.removeFirst()
      }
    }
    self.parts = parts
  }

  /// A text in single quotes, in which two of them are one.
  private static func quoted(_ rest: inout Substring) -> String? {
    rest.removeFirst()
    if rest.first == "'" {
      rest.removeFirst()
      return "'"
    }
    var text = ""
    while let next = rest.first {
      rest.removeFirst()
      if next == "'" {
        guard rest.first == "'" else { return text }
        rest.removeFirst()
      }
      text.append(next)
    }
    return nil
  }

  func text(of moment: Moment) -> String {
    let fields = moment.fields
    return parts.map { part in
      switch part {
      case .literal(let text): text
      case .field(let letter, let count): Self.text(letter, count, fields, moment)
      }
    }.joined()
  }

  private static func text(_ letter: Character, _ count: Int, _ fields: DateFields, _ moment: Moment)
    -> String
  {
    switch letter {
    case "y": count == 2 ? padded(fields.year % 100, 2) : padded(fields.year, count)
    case "M" where count > 2: name(DateNames.months[Int(fields.month) - 1], count)
    case "M": padded(fields.month, count)
    case "d": padded(fields.day, count)
    case "D": padded(fields.days - CivilDate.toDays(fields.year, 1, 1) + 1, count)
    case "E": name(DateNames.weekdays[Int(fields.weekday)], count)
    case "a": fields.hour < 12 ? "AM" : "PM"
    case "H": padded(fields.hour, count)
    case "h": padded((fields.hour + 11) % 12 + 1, count)
    case "m": padded(fields.minute, count)
    case "s": padded(fields.second, count)
    case "S": String((padded(fields.millisecond, 3) + "000000").prefix(count))
    case "Q": String((fields.month + 2) / 3)
    default: offset(letter, count, moment.offset)
    }
  }

  private static func name(_ name: String, _ count: Int) -> String {
    count == 4 ? name : String(name.prefix(3))
  }

  private static func offset(_ letter: Character, _ count: Int, _ offset: Int64) -> String {
    if offset == 0, letter == "X" || (letter == "Z" && count == 5) { return "Z" }
    if letter == "Z" {
      return (count == 4 ? "GMT" : "") + OffsetText.write(offset, separator: count > 3 ? ":" : "")
    }
    let text = OffsetText.write(offset, separator: count == 3 ? ":" : "")
    return count == 1 && offset % 3600 == 0 ? String(text.prefix(3)) : text
  }

  /// Reads text of this pattern. What the pattern does not name is the beginning of its year, month, day.
  func read(_ text: String, zone: Zone) throws(TransformError) -> Moment {
    var reader = DigitReader(text)
    var read = ReadFields()
    for part in parts {
      let fits =
        switch part {
        case .literal(let literal): reader.skip(literal)
        case .field(let letter, let count): read.take(letter, count, &reader)
        }
      guard fits else { throw TransformError("the text does not have the form of the format") }
    }
    guard reader.isAtEnd else { throw TransformError("the text is longer than the format") }
    guard let fields = read.fields, fields.isReal else {
      throw TransformError("there is no such day or time")
    }
    return try Moment(fields, in: read.offset.map { Zone(offset: $0) } ?? zone)
  }
}

/// What was read of a date so far.
private struct ReadFields {
  var offset: Int64?
  private var date = DateFields(year: 1970)
  private var isAfternoon: Bool?

  /// With the hour of a twelve-hour clock put right; nil for an hour that such a clock does not show.
  var fields: DateFields? {
    guard let isAfternoon else { return date }
    guard (1...12).contains(date.hour) else { return nil }
    var date = date
    date.hour = date.hour % 12 + (isAfternoon ? 12 : 0)
    return date
  }

  mutating func take(_ letter: Character, _ count: Int, _ reader: inout DigitReader) -> Bool {
    switch letter {
    case "y": return year(count, &reader)
    case "M" where count > 2: return set(\.month, DateNames.month(reader.letters()))
    case "M": return set(\.month, reader.number(count, 2))
    case "d": return set(\.day, reader.number(count, 2))
    case "H", "h": return set(\.hour, reader.number(count, 2))
    case "m": return set(\.minute, reader.number(count, 2))
    case "s": return set(\.second, reader.number(count, 2))
    case "S": return set(\.millisecond, fraction(count, &reader))
    case "E": return !reader.letters().isEmpty
    case "a": return half(reader.letters())
    case "X", "x", "Z":
      offset = OffsetText.read(reader.until { !$0.isNumber && !"+-:ZUTCGM".contains($0) })
      return offset != nil
    default: return false
    }
  }

  private mutating func year(_ count: Int, _ reader: inout DigitReader) -> Bool {
    guard count == 2 else { return set(\.year, reader.number(4)) }
    return set(\.year, reader.number(2).map { $0 < 70 ? 2000 + $0 : 1900 + $0 })
  }

  private func fraction(_ count: Int, _ reader: inout DigitReader) -> Int64? {
    guard let value = reader.number(count) else { return nil }
    return Int64((padded(value, count) + "00").prefix(3))
  }

  private mutating func half(_ name: Substring) -> Bool {
    switch name.lowercased() {
    case "am": isAfternoon = false
    case "pm": isAfternoon = true
    default: return false
    }
    return true
  }

  private mutating func set(_ field: WritableKeyPath<DateFields, Int64>, _ value: Int64?) -> Bool {
    guard let value else { return false }
    date[keyPath: field] = value
    return true
  }
}
