internal import CMicroHTTPD
internal import Glibc
internal import RelayModel

/// The way of a request: target, head, body, hand-over, end.
extension ServerLoop {
  /// A body that is thrown away, because its answer is known, is read up to here to keep the connection.
  private static let discardLimit = 65_536
  /// A refused client may still send this much before it is cut off.
  private static let lingerLimit = 4 << 20
  /// An answer is asked for so often before its connection is suspended.
  private static let mostAsked = 16
  /// Room that is made for a body before it has come; a larger one grows.
  private static let largestReservation = 1 << 20

  func targetReceived(_ target: UnsafePointer<UInt8>, _ connection: ServerConnection) {
    unsafe connection.targetStart = target
    let count = unsafe strlen(UnsafeRawPointer(target).assumingMemoryBound(to: CChar.self))
    connection.targetCount = count
    connection.target = unsafe String(
      decoding: UnsafeBufferPointer(start: target, count: count), as: UTF8.self)
    guard connection.firstByteAt == nil, connection.phase == .waiting else { return }
    connection.firstByteAt = now
    connection.deadline = now + lookInterval
  }

  /// Called once for a request, unless it is refused here: then what follows goes to `lingering`.
  func headReceived(
    method: UnsafePointer<UInt8>, version: UnsafePointer<UInt8>, _ connection: ServerConnection
  ) -> MHD_Result {
    guard let handle = unsafe connection.handle, let target = unsafe connection.targetStart else {
      return .NO
    }
    counters.requests += 1
    let headCount = unsafe petrel_mhd_head_size(handle)
    if connection.targetCount > limits.target.bytes { return refuseTooLarge(.targetTooLong, connection) }
    if headCount > limits.headers.bytes { return refuseTooLarge(.headTooLarge, connection) }
    unsafe readFields(handle)
    let reader = unsafe HeadReader(
      line: RawRequestLine(
        method: method, target: target, targetCount: connection.targetCount, version: version),
      target: connection.target, fields: fields, headCount: headCount)
    do {
      connection.framing = unsafe try reader.framing()
    } catch {
      counters.badRequests += 1
      // How much would follow is just what is in doubt.
      connection.framing = RequestFraming(declaredLength: nil)
      return refuse(.badRequest(error), connection)
    }
    let head = unsafe RequestHead(
      method: Self.text(method), target: connection.target, headers: reader.headerFields(),
      declaredLength: connection.framing.declaredLength, receivedAt: wallNow, client: connection.peer.text,
      peerUserID: connection.peer.userID)
    return admit(head, connection)
  }

  private func readFields(_ handle: OpaquePointer) {
    var read: [RawField] = unsafe []
    unsafe swap(&read, &fields)
    unsafe read.removeAll(keepingCapacity: true)
    unsafe withUnsafeMutablePointer(to: &read) {
      unsafe _ = MHD_get_connection_values_n(handle, .HEADER_KIND, onField, $0)
    }
    unsafe swap(&read, &fields)
  }

  private func admit(_ head: RequestHead, _ connection: ServerConnection) -> MHD_Result {
    let declared = head.declaredLength
    switch responder.admit(head) {
    case .receive(let limit):
      if let declared, declared > limit.bytes { return refuseTooLarge(.bodyTooLarge(limit), connection) }
      connection.bodyLimit = limit.bytes
      connection.body.reserveCapacity(min(declared ?? 0, Self.largestReservation))
      connection.head = head
    case .answer(let response):
      let isShort = (declared ?? 0) <= Self.discardLimit && !connection.framing.expectsContinue
      guard isShort else { return refuse(response, connection) }
      connection.bodyLimit = Self.discardLimit
      connection.answer = response
    }
    let began = connection.firstByteAt ?? now
    connection.enter(.receiving, at: now, for: sweepInterval)
    connection.deadline = min(connection.deadline, began + limits.requestTimeout)
    return .YES
  }

  func bodyReceived(_ piece: UnsafeRawBufferPointer, _ connection: ServerConnection) -> MHD_Result {
    let received = connection.body.count + connection.discarded + piece.count
    if received < connection.framing.declaredLength ?? .max { expectsMore = true }
    switch connection.phase {
    case .receiving: break
    case .lingering:
      connection.discarded += piece.count
      return connection.discarded > Self.lingerLimit ? .NO : .YES
    default: return .NO
    }
    if unsafe beginsAfterBareLineFeed(piece, connection) {
      counters.badRequests += 1
      return refuse(.badRequest(.bareLineFeed), connection)
    }
    if let answer = connection.answer {
      connection.discarded += piece.count
      return connection.discarded > connection.bodyLimit ? refuse(answer, connection) : .YES
    }
    guard connection.body.count + piece.count <= connection.bodyLimit else {
      return refuseTooLarge(.bodyTooLarge(ByteCount(connection.bodyLimit)), connection)
    }
    guard flight.take(piece.count) else {
      counters.overloaded += 1
      return refuse(.overloaded, connection)
    }
    connection.inflight += piece.count
    unsafe connection.body.append(contentsOf: piece)
    return .YES
  }

  /// The whole request is there; or its answer is, and the connection was resumed for it.
  func requestReceived(_ connection: ServerConnection) -> MHD_Result {
    if let answer = connection.answer {
      connection.answer = nil
      return queue(answer, connection)
    }
    guard connection.phase == .receiving, let head = connection.head else { return .NO }
    connection.head = nil
    var body: [UInt8] = []
    swap(&body, &connection.body)
    let request = IncomingRequest(
      method: head.method, target: head.target, headers: head.headers, body: body,
      receivedAt: head.receivedAt, client: head.client)
    let exchange = Exchange(
      to: .connection(connection, serial: connection.serial), peerUserID: head.peerUserID)
    connection.enter(.responding, at: now, for: .seconds(60))
    if let answer = responder.respond(to: request, exchange: exchange) {
      exchange.settle()
      return queue(answer, connection)
    }
    // An answer that is there already waits in the inbox for this same thread: it cannot come too early.
    counters.waiting += 1
    parked += 1
    return .YES
  }

  /// libmicrohttpd asks for an answer that has not come.
  ///
  /// It does so in every turn, until there is one or the connection is suspended. An accept is durable
  /// within a turn or two: to be asked so often costs less than to suspend, which takes two system calls and
  /// a third when the connection goes on. What takes longer, by turns or because the loop slept in vain, is
  /// suspended.
  func askedAgain(_ connection: ServerConnection) -> MHD_Result {
    connection.asked += 1
    guard isLate || connection.asked >= Self.mostAsked, !connection.isSuspended,
      let handle = unsafe connection.handle
    else { return .YES }
    connection.isSuspended = true
    parked -= 1
    unsafe MHD_suspend_connection(handle)
    return .YES
  }

  /// Takes an answer that came through the inbox.
  func resume(_ answer: LoopInbox.Answer) {
    let connection = answer.connection
    guard connection.serial == answer.serial, connection.phase == .responding, connection.answer == nil,
      let handle = unsafe connection.handle
    else { return }
    connection.answer = answer.response
    counters.waiting -= 1
    if connection.isSuspended { unsafe MHD_resume_connection(handle) } else { parked -= 1 }
  }

  func requestEnded(_ connection: ServerConnection) {
    land(connection)
    if connection.phase == .responding, connection.answer == nil {
      // The client has gone while it waited.
      counters.waiting -= 1
      if !connection.isSuspended { parked -= 1 }
    }
    connection.endRequest()
    guard connection.phase != .closing else { return }
    // The first look, which finds whether the client has ended, comes with the next sweep.
    connection.enter(.waiting, at: now, for: .zero)
  }

  /// The request's body is not in flight any more.
  func land(_ connection: ServerConnection) {
    flight.release(connection.inflight)
    connection.inflight = 0
  }

  /// Between chunks stand a line end, the size and a line end. The parser takes a line feed alone for one;
  /// where the size stands before this piece in the buffer, the carriage return must too.
  private func beginsAfterBareLineFeed(_ piece: UnsafeRawBufferPointer, _ connection: ServerConnection)
    -> Bool
  {
    guard connection.framing.declaredLength == nil, let start = piece.baseAddress,
      UInt(bitPattern: start) >= connection.framing.bodyAddress + 2
    else { return false }
    return unsafe start.load(fromByteOffset: -2, as: UInt8.self) != UInt8(ascii: "\r")
  }

  private static func text(_ bytes: UnsafePointer<UInt8>) -> String {
    unsafe String(cString: UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self))
  }
}
