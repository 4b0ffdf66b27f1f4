import Glibc
import RelayThreads
import Synchronization

@testable import RelayHTTP

/// A server that says exactly what a test tells it to, byte by byte, on 127.0.0.1 and a port of its own;
/// each connection is served on a thread of its own.
final class RawServer: Sendable {
  let port: UInt16
  private let listener: Int32
  private let served = Peers()

  /// - Parameter serve: called for each connection, with its number from 1.
  convenience init(_ serve: @escaping @Sendable (Peer, Int) -> Void) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.init(listener, port: Self.bindToLoopback(listener), serve)
  }

  /// Listens on a Unix socket at `path` instead; `port` is 0.
  convenience init(unixSocket path: String, _ serve: @escaping @Sendable (Peer, Int) -> Void) {
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    Self.bind(listener, to: path)
    self.init(listener, port: 0, serve)
  }

  private init(_ listener: Int32, port: UInt16, _ serve: @escaping @Sendable (Peer, Int) -> Void) {
    self.listener = listener
    self.port = port
    precondition(listen(listener, 64) == 0, "the socket listens")
    let served = served
    NamedThread("raw-server") {
      var number = 0
      while true {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        let peer = Peer(descriptor)
        served.add(peer)
        number += 1
        let turn = number
        NamedThread("raw-peer") {
          serve(peer, turn)
          peer.close()
        }.detach()
      }
    }.detach()
  }

  deinit { stop() }

  /// How many connections were made to it.
  var connections: Int { served.all.count }

  func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

  /// Takes no more connections and closes those that are open.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    for peer in served.all { peer.close() }
  }

  private static func bindToLoopback(_ listener: Int32) -> UInt16 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        precondition(unsafe Glibc.bind(listener, address, length) == 0, "a free port is bound")
        precondition(unsafe getsockname(listener, address, &length) == 0, "the port is known")
      }
    }
    return UInt16(bigEndian: address.sin_port)
  }

  private static func bind(_ listener: Int32, to path: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    unsafe unlink(path)
    unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        precondition(unsafe Glibc.bind(listener, address, length) == 0, "the path is bound")
      }
    }
  }
}

/// The connections that a server has taken.
private final class Peers: Sendable {
  private let peers = Mutex<[Peer]>([])

  var all: [Peer] { peers.withLock { $0 } }

  func add(_ peer: Peer) { peers.withLock { $0.append(peer) } }
}

/// A request as it stood on the wire.
struct RawRequest: Sendable {
  var head: String
  var body: [UInt8]

  var line: String { String(head.prefix { $0 != "\r\n" }) }

  /// The value under `name`, as it was spelt; nil where there is none.
  func field(_ name: String) -> String? {
    for line in head.split(separator: "\r\n").dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      if parts[0].lowercased() == name.lowercased() { return parts[1].drop { $0 == " " }.description }
    }
    return nil
  }
}

/// The server's end of one connection.
final class Peer: Sendable {
  private let descriptor: Mutex<Int32>

  init(_ descriptor: Int32) {
    self.descriptor = Mutex(descriptor)
    // A test that goes wrong ends by this, not by hanging.
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  private var open: Int32 { descriptor.withLock { $0 } }

  /// Reads one request, with the body that its Content-Length promises; nil at the end of the connection.
  func request() -> RawRequest? {
    var bytes: [UInt8] = []
    while true {
      if let end = Self.endOfHead(bytes) {
        let head = String(decoding: bytes[..<end], as: UTF8.self)
        var request = RawRequest(head: head, body: Array(bytes[end...]))
        let length = request.field("content-length").flatMap { Int($0) } ?? 0
        while request.body.count < length {
          guard let more = read() else { return nil }
          request.body += more
        }
        return request
      }
      guard let more = read() else { return nil }
      bytes += more
    }
  }

  func read() -> [UInt8]? {
    let descriptor = open
    guard descriptor >= 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer[..<count]) : nil
  }

  /// False once the other end is gone.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    let descriptor = open
    guard descriptor >= 0 else { return false }
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Glibc.send(
          descriptor, bytes.baseAddress.map { unsafe $0 + sent }, bytes.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  func answer(_ status: String = "200 OK", _ fields: [String] = [], _ body: String = "") {
    let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + fields
    send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
  }

  /// Answers each request on the connection in the same way until it ends.
  func answerAll(_ status: String = "200 OK", _ fields: [String] = [], _ body: String = "") {
    while request() != nil { answer(status, fields, body) }
  }

  /// Waits until the other end has closed.
  func waitForEnd() { while read() != nil {} }

  func close() {
    let taken = descriptor.withLock { descriptor in
      defer { descriptor = -1 }
      return descriptor
    }
    guard taken >= 0 else { return }
    shutdown(taken, Int32(SHUT_RDWR))
    Glibc.close(taken)
  }

  /// Ends the connection with a reset.
  func reset() {
    let taken = descriptor.withLock { descriptor in
      defer { descriptor = -1 }
      return descriptor
    }
    var linger = linger(l_onoff: 1, l_linger: 0)
    unsafe setsockopt(taken, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    Glibc.close(taken)
  }

  private static func endOfHead(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    return (3..<bytes.count).first { bytes[($0 - 3)...$0].elementsEqual([13, 10, 13, 10]) }.map { $0 + 1 }
  }
}
