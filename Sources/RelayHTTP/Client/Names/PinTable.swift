internal import RelayModel

/// What libcurl's own cache of names was told, so that it is told again only what changed: telling it costs
/// as much as a tenth of a request.
struct PinTable {
  private struct Key: Hashable {
    let name: String
    let port: UInt16
  }

  private struct Pin {
    let addresses: [IPAddress]
    let until: Duration
  }

  /// How long libcurl keeps what it was told, and how long we rely on that.
  static let kept: Duration = .seconds(60)
  static let trusted: Duration = .seconds(30)
  private static let mostPins = 1024

  private var pins: [Key: Pin] = [:]

  /// Whether libcurl must be told that `name` has these addresses; then the caller does so.
  mutating func isNews(_ name: String, port: UInt16, _ addresses: [IPAddress], now: Duration) -> Bool {
    let key = Key(name: name, port: port)
    if let pin = pins[key], now < pin.until, pin.addresses == addresses { return false }
    if pins.count >= Self.mostPins { pins.removeAll() }
    pins[key] = Pin(addresses: addresses, until: now + Self.trusted)
    return true
  }

  /// libcurl turned out not to know: the request that was to tell it ended before it began.
  mutating func forget(_ name: String, port: UInt16) { pins[Key(name: name, port: port)] = nil }
}
