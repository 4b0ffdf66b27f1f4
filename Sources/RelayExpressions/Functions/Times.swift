internal import RelayModel

extension Functions {
  static let times: [Function] = [
    onInstants("getFullYear") { $0.date.year },
    onInstants("getMonth") { Int64($0.date.month - 1) },
    onInstants("getDate") { Int64($0.date.day) },
    onInstants("getDayOfMonth") { Int64($0.date.day - 1) },
    onInstants("getDayOfYear") { $0.days - CivilDate.toDays($0.date.year, 1, 1) },
    // 1970-01-01 was a Thursday; Sunday is 0.
    onInstants("getDayOfWeek") { local in
      let day = (local.days + 4) % 7
      return day < 0 ? day + 7 : day
    },
    onTimes("getHours", { $0.secondOfDay / 3600 }, { $0 / 3_600_000_000_000 }),
    onTimes("getMinutes", { $0.secondOfDay / 60 % 60 }, { $0 / 60_000_000_000 }),
    onTimes("getSeconds", { $0.secondOfDay % 60 }, { $0 / 1_000_000_000 }),
    // Of a duration only what is beyond whole seconds, as the specification has it.
    onTimes("getMilliseconds", { $0.nanoseconds / 1_000_000 }, { $0 / 1_000_000 % 1000 }),
  ]

  /// A timestamp as a clock on the wall of a zone shows it.
  private struct Local {
    let days: Int64
    let secondOfDay: Int64
    let nanoseconds: Int64

    init(_ instant: Instant, _ zone: Value?) throws(ValueError) {
      let seconds =
        instant.seconds
        + (try zone.map { zone throws(ValueError) in
          try TimeZones.offset(of: try zone.asString(), at: instant.seconds)
        } ?? 0)
      days = seconds.dividedFloor(by: 86_400)
      secondOfDay = seconds - days * 86_400
      nanoseconds = instant.nanoseconds
    }

    var date: (year: Int64, month: Int, day: Int) { CivilDate.fromDays(days) }
  }

  private static func onInstants(_ name: String, _ body: @escaping @Sendable (Local) -> Int64) -> Function {
    onTimes(name, body, nil)
  }

  private static func onTimes(
    _ name: String, _ ofInstant: @escaping @Sendable (Local) -> Int64,
    _ ofDuration: (@Sendable (Int64) -> Int64)?
  ) -> Function {
    Function(name, .method, 1...2) { values, _ throws(ValueError) in
      switch values[0] {
      case .timestamp(let instant):
        return .int(ofInstant(try Local(instant, values.count > 1 ? values[1] : nil)))
      case .duration(let duration):
        guard let ofDuration, values.count == 1, let nanoseconds = duration.nanoseconds else {
          throw ValueError.mismatch("a timestamp", values[0])
        }
        return .int(ofDuration(nanoseconds))
      default:
        throw ValueError.mismatch(ofDuration == nil ? "a timestamp" : "a timestamp or a duration", values[0])
      }
    }
  }
}
