internal import RelayModel

/// Who sent a request, where proxies stand between.
struct ClientAddress {
  /// The proxies whose X-Forwarded-For is believed.
  let trusted: [CIDR]

  /// The client's address: the peer's own, unless the peer is a trusted proxy. Then the entries of
  /// X-Forwarded-For are read from the right, since only those are written by proxies that we trust, and the
  /// first that is no trusted proxy is the client. What is no address ends the search at the hop before
  /// it.
  func resolve(peer: String, headers: HeaderFields) -> String {
    guard isTrusted(peer) else { return peer }
    var client = peer
    let entries = headers.values("X-Forwarded-For").flatMap { $0.split(separator: ",") }
    for entry in entries.reversed() {
      guard let address = IPAddress(entry.trimmingBlanks) else { return client }
      client = address.description
      guard isTrusted(client) else { return client }
    }
    return client
  }

  func isTrusted(_ text: String) -> Bool {
    guard !trusted.isEmpty, let address = IPAddress(text) else { return false }
    return trusted.contains { $0.contains(address) }
  }
}

extension StringProtocol {
  /// Without spaces and tabs at both ends.
  var trimmingBlanks: String {
    let isBlank = { (character: Character) in character == " " || character == "\t" }
    guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(self[first...last])
  }
}
