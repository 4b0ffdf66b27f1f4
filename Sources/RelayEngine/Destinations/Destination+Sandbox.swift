internal import RelayHTTP

extension Destination {
  /// Where scripts run: to the gates a destination like others, so that scripts that take long hold up nothing else.
  /// No URL has a host with a blank.
  static let sandbox = Destination(scheme: .http, host: .name("the sandbox"), port: 0)
}
