internal import CMicroHTTPD
internal import Glibc

/// One libmicrohttpd daemon without a thread of its own: it works when its loop calls `run`.
///
/// Its loop's thread is the only one that may use it after `init`.
@safe struct EmbeddedDaemon: ~Copyable {
  private let handle: OpaquePointer

  /// Old protocol versions off; the rest as GnuTLS recommends.
  private static let priorities = "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1:%SERVER_PRECEDENCE"

  /// MHD_start_daemon. The callbacks get `context`, which must outlive the daemon.
  ///
  /// - Parameter memory: what a connection has for its head, the parser's notes on it, and its answer's head.
  init(memory: Int, connections: Int, tls: TLSIdentity?, context: UnsafeMutableRawPointer) throws(ServerError)
  {
    let memory = max(memory, 4096)
    let limit = UInt32(clamping: connections)
    let started: OpaquePointer?
    if let tls {
      // Read while the daemon starts, and not afterwards.
      unsafe started = tls.certificatePEM.withCString { certificate in
        unsafe tls.keyPEM.withCString { key in
          unsafe Self.priorities.withCString { priorities in
            unsafe petrel_mhd_start(
              memory, limit, certificate, key, priorities, context, onRequest, onTarget, onConnection,
              onCompleted)
          }
        }
      }
    } else {
      unsafe started = petrel_mhd_start(
        memory, limit, nil, nil, nil, context, onRequest, onTarget, onConnection, onCompleted)
    }
    guard let started = unsafe started else {
      if tls != nil { throw .identityUnusable }
      throw .systemFailed(call: "MHD_start_daemon", why: reason(errno))
    }
    unsafe handle = started
  }

  /// MHD_stop_daemon: closes all connections. It aborts the process while one is suspended: resume them and
  /// `run` first.
  deinit { unsafe MHD_stop_daemon(handle) }

  /// Readable when `run` has something to do.
  var epollDescriptor: Int32 { unsafe petrel_mhd_epoll(handle) }

  /// MHD_get_timeout: work is left that no descriptor will announce. (No timeouts of its own are set.)
  var hasWorkLeft: Bool {
    var milliseconds: UInt64 = 0
    return unsafe MHD_get_timeout(handle, &milliseconds) == .YES && milliseconds == 0
  }

  /// MHD_run: serves all that is ready, without waiting.
  func run() { unsafe _ = MHD_run(handle) }

  /// MHD_add_connection: takes the descriptor over, also when it fails. Calls `onConnection`.
  func add(_ socket: AcceptedSocket) -> Bool {
    var address = socket.address
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe MHD_add_connection(handle, socket.descriptor, $0, socket.addressLength) == .YES
      }
    }
  }

}
