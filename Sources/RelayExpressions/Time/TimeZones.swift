internal import Synchronization

/// The zones that timestamps may be shown in. Expressions read no files: whoever starts a process hands
/// over once how zone data is read, and it stays as it was at a zone's first use.
package enum TimeZones {
  /// Gives the TZif data (RFC 8536) of an IANA name; nil where there is none.
  package typealias Source = @Sendable (_ name: String) -> [UInt8]?

  private struct State {
    var source: Source?
    var zones: [String: ZoneData] = [:]
  }

  /// The most zones that are kept.
  private static let maxZones = 1024
  private static let state = Mutex(State())

  /// Takes zones from `source` from now on. What it has not, and all
  /// zones until then, have the rules of the table that is built in, which knows no history.
  package static func install(_ source: @escaping Source) {
    state.withLock { $0 = State(source: source) }
  }

  /// Seconds east of Greenwich at an instant, in a zone or at an offset such as `-02:30`.
  static func offset(of name: String, at seconds: Int64) throws(ValueError) -> Int64 {
    if let offset = fixed(name) { return offset }
    guard isName(name), let zone = zone(name) else {
      throw ValueError("no time zone \"\(name.prefix(64))\"; they are written Europe/Berlin, UTC or +02:00")
    }
    return zone.offset(at: seconds)
  }

  private static func zone(_ name: String) -> ZoneData? {
    let known = state.withLock { ($0.zones[name], $0.source) }
    if let zone = known.0 { return zone }
    let read = known.1?(name).flatMap { ZoneData($0) }
    guard let zone = read ?? ZoneTable.rules[name[...]].flatMap({ ZoneData(rule: String($0)) }) else {
      return nil
    }
    state.withLock { if $0.zones.count < maxZones { $0.zones[name] = zone } }
    return zone
  }

  /// Of `+02:00`, `02:00`, `-2:30`; nil for a name.
  private static func fixed(_ name: String) -> Int64? {
    if ["UTC", "Z", "Etc/UTC", "GMT", ""].contains(name) { return 0 }
    var bytes = Array(name.utf8)[...]
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
      parts.joined().allSatisfy(\.isDigit),
      let hours = Int64(String(decoding: parts[0], as: UTF8.self)), hours < 24,
      let minutes = Int64(String(decoding: parts[1], as: UTF8.self)), minutes < 60
    else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return isNegative ? -seconds : seconds
  }

  /// A name that leads nowhere but to a zone: letters, digits, `_ + -`, and single slashes between.
  private static func isName(_ name: String) -> Bool {
    name.utf8.count <= 64
      && name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty
          && part.allSatisfy { $0.isNamePart || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
      }
  }
}
