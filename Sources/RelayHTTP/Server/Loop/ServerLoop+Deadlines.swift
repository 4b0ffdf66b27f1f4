internal import CLinux
internal import RelayModel

/// Deadlines: libmicrohttpd counts inactivity only, so a byte a second would hold a connection for ever.
extension ServerLoop {
  func sweep() {
    for connection in connections where connection.deadline <= now {
      switch connection.phase {
      case .waiting: lookAtWaiting(connection)
      case .receiving: lookAtReceiving(connection)
      case .lingering, .sending: shut(connection)
      // Its end is the responder's business; the other's is libmicrohttpd's.
      case .responding, .closing: connection.deadline = now + .seconds(60)
      }
    }
  }

  private func lookAtWaiting(_ connection: ServerConnection) {
    if connection.firstByteAt == nil, hasBegun(connection) {
      // Noticed now, it came since the last look: so the limit is kept, never exceeded.
      connection.firstByteAt = max(connection.since, now - lookInterval)
    }
    let end = connection.firstByteAt.map { $0 + min(limits.headTimeout, limits.requestTimeout) }
    if let end, now >= end { return endSlow(connection) }
    // The client left in the middle of a request, or its end came together with the last byte of the former one:
    // libmicrohttpd waits for what might still come, and nothing will announce that end again.
    if end != nil || connection.serial > 0, petrel_peer_has_ended(connection.socket) != 0 {
      return shut(connection)
    }
    if let end {
      connection.deadline = min(end, now + lookInterval)
    } else if order >= .drain || now - connection.since >= limits.idleTimeout {
      counters.idleClosed += 1
      shut(connection)
    } else {
      connection.deadline = now + lookInterval
    }
  }

  private func lookAtReceiving(_ connection: ServerConnection) {
    let end = (connection.firstByteAt ?? connection.since) + limits.requestTimeout
    let spent = now - connection.since
    let received = connection.body.count + connection.discarded
    let isSlow =
      spent >= limits.slowestBodyGrace
      && Double(received) < Double(limits.slowestBodyPerSecond.bytes) * spent.fractionalSeconds
    guard now < end, !isSlow else { return endSlow(connection) }
    if petrel_peer_has_ended(connection.socket) != 0 { return shut(connection) }
    // What the kernel holds and the parser does not take, look after look: a line between chunks that is
    // larger than its buffer.
    if connection.framing.declaredLength == nil, received == connection.seenAtLook,
      petrel_holds_unread(connection.socket) != 0
    {
      counters.badRequests += 1
      sendDirectly(.badRequest(.chunkLine), connection)
      return shut(connection)
    }
    connection.seenAtLook = received
    connection.deadline = min(end, now + sweepInterval)
  }

  /// Part of a head is there that libmicrohttpd does not show before it is whole; the kernel's counts do.
  private func hasBegun(_ connection: ServerConnection) -> Bool {
    var bytes: UInt64 = 0
    var millisecondsAgo: UInt32 = 0
    guard unsafe petrel_tcp_received(connection.socket, &bytes, &millisecondsAgo) == 0 else { return false }
    guard connection.serial > 0 else { return bytes > 0 }
    // Behind a request: what came after its answer was sent. The kernel counts in ticks.
    return now - .milliseconds(Int64(millisecondsAgo)) > connection.since + .milliseconds(10)
  }

  private func endSlow(_ connection: ServerConnection) {
    counters.tooSlow += 1
    land(connection)
    // Before the first request of a TLS connection there may be no session to answer in.
    if !connection.isTLS || connection.serial > 0 || connection.phase == .receiving {
      sendDirectly(.tooSlow, connection)
    }
    shut(connection)
  }
}
