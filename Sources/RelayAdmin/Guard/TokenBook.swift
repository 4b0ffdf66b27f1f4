package import RelayStore
internal import Synchronization

/// The tokens in memory, so that a request is judged on a loop thread without reading the store. Only this
/// process changes them; it changes the store first.
package final class TokenBook: Sendable {
  private let records: Mutex<[String: TokenRecord]>

  package init(_ records: [TokenRecord]) {
    self.records = Mutex(Dictionary(records.map { ($0.id, $0) }) { _, last in last })
  }

  /// The record of a token that a client presents; nil where it is none of ours.
  func record(of token: AccessToken) -> TokenRecord? {
    records.withLock { $0[token.id] }.flatMap { token.isToken(of: $0) ? $0 : nil }
  }

  func add(_ record: TokenRecord) { records.withLock { $0[record.id] = record } }

  func remove(_ id: String) { records.withLock { _ = $0.removeValue(forKey: id) } }
}
