/// How fast events start executions: what `on.debounce` or `on.throttle` asks of one of them. Events that share an
/// id are counted together.
package enum Pacing: Sendable, Hashable {
  /// It begins once no other has come for `quiet`, and `most` after the first one that waited at the latest. Those
  /// that come before take its place.
  case debounce(id: [UInt8], quiet: Duration, most: Duration?)
  /// It begins only where fewer than `limit` have begun within the last `span`.
  case throttle(id: [UInt8], limit: Int, span: Duration)

  /// What a throttle may count to.
  package static let most = 1000
}
