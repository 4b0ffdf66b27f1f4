internal import Glibc
internal import Synchronization

/// Opening, closing, and making room.
extension ServerLoop {
  func opened(_ connection: ServerConnection) {
    adopting = nil
    connection.slot = connections.count
    connections.append(connection)
    if let key = connection.peer.limitKey { connectionsByAddress[key, default: 0] += 1 }
  }

  func closed(_ connection: ServerConnection) {
    if connection.phase == .closing { closing -= 1 } else { leave(connection) }
    connection.phase = .closing
    unsafe connection.handle = nil
    let last = connections.removeLast()
    if last !== connection {
      connections[connection.slot] = last
      last.slot = connection.slot
    }
  }

  /// Ends a connection at once. libmicrohttpd, which reads from the socket, finds it at its end and cleans up.
  func shut(_ connection: ServerConnection) {
    guard connection.phase != .closing else { return }
    land(connection)
    shutdown(connection.socket, Int32(SHUT_RDWR))
    connection.enter(.closing, at: now, for: .seconds(60))
    closing += 1
    leave(connection)
  }

  /// Whether the peer may have another connection, after the idlest were closed for it where that is needed.
  func makeRoom(for peer: Peer) -> Bool {
    if let key = peer.limitKey, connectionsByAddress[key, default: 0] >= addressShare {
      guard shedOldestIdle(1, ofAddress: key) else { return false }
    }
    guard connections.count - closing >= connectionShare else { return true }
    return shedOldestIdle(8)
  }

  /// Closes the connections that have been without a request longest. Where there is none, those whose body
  /// takes its time: an honest one comes at once. False where neither is.
  @discardableResult
  func shedOldestIdle(_ count: Int, ofAddress key: UInt64? = nil) -> Bool {
    shedOldest(count, ofAddress: key) { $0.phase == .waiting || $0.phase == .lingering }
      || shedOldest(count, ofAddress: key) { $0.phase == .receiving && now - $0.since > .seconds(2) }
  }

  private func shedOldest(
    _ count: Int, ofAddress key: UInt64?, where isCandidate: (ServerConnection) -> Bool
  ) -> Bool {
    var oldest: [ServerConnection] = []
    for connection in connections where isCandidate(connection) {
      if let key, connection.peer.limitKey != key { continue }
      guard oldest.count < count || connection.since < oldest[oldest.count - 1].since else { continue }
      let place = oldest.firstIndex { connection.since < $0.since } ?? oldest.count
      oldest.insert(connection, at: place)
      if oldest.count > count { oldest.removeLast() }
    }
    for connection in oldest { shut(connection) }
    counters.shed += oldest.count
    return !oldest.isEmpty
  }

  /// The connection counts for no limit any more.
  private func leave(_ connection: ServerConnection) {
    inbox.load.subtract(1, ordering: .relaxed)
    guard let key = connection.peer.limitKey, let count = connectionsByAddress[key] else { return }
    connectionsByAddress[key] = count > 1 ? count - 1 : nil
  }
}
