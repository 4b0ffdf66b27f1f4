internal import CMicroHTTPD

// What libmicrohttpd calls, always on the loop's thread, from within `run` and `add`. Functions at file
// scope: a closure could inherit an isolation and trap.

/// A connection begins or ends.
func onConnection(
  _ context: UnsafeMutableRawPointer?, _ handle: OpaquePointer?,
  _ socketContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ event: MHD_ConnectionNotificationCode
) {
  guard let loop = unsafe ServerLoop.from(context), let handle = unsafe handle else { return }
  loop.progress += 1
  switch event {
  case .CONNECTION_NOTIFY_STARTED:
    guard let connection = loop.adopting else { return }
    unsafe connection.handle = handle
    unsafe socketContext?.pointee = Unmanaged.passUnretained(connection).toOpaque()
    loop.opened(connection)
  case .CONNECTION_NOTIFY_CLOSED:
    guard let connection = unsafe ServerConnection.from(socketContext?.pointee) else { return }
    unsafe socketContext?.pointee = nil
    loop.closed(connection)
  @unknown default: break
  }
}

/// A request line has come: the only moment when the target is whole. What is returned becomes the request's
/// context.
func onTarget(
  _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ handle: OpaquePointer?
) -> UnsafeMutableRawPointer? {
  guard let loop = unsafe ServerLoop.from(context), let target = unsafe target, let handle = unsafe handle,
    let socketContext = unsafe petrel_mhd_context(handle),
    let connection = unsafe ServerConnection.from(socketContext)
  else { return nil }
  unsafe loop.targetReceived(UnsafeRawPointer(target).assumingMemoryBound(to: UInt8.self), connection)
  return unsafe socketContext
}

/// A head has come, or a piece of a body, or the request is complete; also after a connection was resumed.
func onRequest(
  _ context: UnsafeMutableRawPointer?, _ handle: OpaquePointer?, _ url: UnsafePointer<CChar>?,
  _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ data: UnsafePointer<CChar>?,
  _ size: UnsafeMutablePointer<Int>?,
  _ requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let loop = unsafe ServerLoop.from(context),
    let connection = unsafe ServerConnection.from(requestContext?.pointee),
    let method = unsafe method, let version = unsafe version, let size = unsafe size
  else { return .NO }
  if connection.phase == .responding, connection.answer == nil { return loop.askedAgain(connection) }
  loop.progress += 1
  if connection.phase == .waiting {
    return unsafe loop.headReceived(
      method: UnsafeRawPointer(method).assumingMemoryBound(to: UInt8.self),
      version: UnsafeRawPointer(version).assumingMemoryBound(to: UInt8.self), connection)
  }
  guard unsafe size.pointee > 0 else { return loop.requestReceived(connection) }
  let piece = unsafe UnsafeRawBufferPointer(start: data, count: size.pointee)
  unsafe size.pointee = 0
  return unsafe loop.bodyReceived(piece, connection)
}

/// A request is over, whichever way.
func onCompleted(
  _ context: UnsafeMutableRawPointer?, _ handle: OpaquePointer?,
  _ requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ end: MHD_RequestTerminationCode
) {
  guard let loop = unsafe ServerLoop.from(context),
    let connection = unsafe ServerConnection.from(requestContext?.pointee)
  else { return }
  unsafe requestContext?.pointee = nil
  loop.progress += 1
  loop.requestEnded(connection)
}

/// One header field, for the array of fields that is the context.
func onField(
  _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?, _ nameCount: Int,
  _ value: UnsafePointer<CChar>?, _ valueCount: Int
) -> MHD_Result {
  guard let context = unsafe context, let name = unsafe name, let value = unsafe value else { return .NO }
  unsafe context.assumingMemoryBound(to: [RawField].self).pointee.append(
    RawField(
      name: UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self), nameCount: nameCount,
      value: UnsafeRawPointer(value).assumingMemoryBound(to: UInt8.self), valueCount: valueCount))
  return .YES
}

extension ServerLoop {
  fileprivate static func from(_ context: UnsafeMutableRawPointer?) -> ServerLoop? {
    unsafe context.map { unsafe Unmanaged<ServerLoop>.fromOpaque($0).takeUnretainedValue() }
  }
}

extension ServerConnection {
  /// The loop's list keeps a connection until libmicrohttpd has said that it is closed.
  fileprivate static func from(_ context: UnsafeMutableRawPointer?) -> ServerConnection? {
    unsafe context.map { unsafe Unmanaged<ServerConnection>.fromOpaque($0).takeUnretainedValue() }
  }
}
