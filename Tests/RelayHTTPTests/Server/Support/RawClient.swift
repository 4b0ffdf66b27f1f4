import Glibc
import RelayHTTP

/// A client that writes bytes as they are given, for what no well-behaved client sends. Every wait ends after
/// 20 seconds.
final class RawClient {
  enum Failure: Error {
    case connect(Int32)
    case send(Int32)
    case reset, timedOut, ended
    case garbled(String)
  }

  struct Answer {
    let status: Int
    let headers: [String: String]
    let body: String

    var isClosing: Bool { headers["connection"]?.lowercased() == "close" }
  }

  let descriptor: Int32
  private var pending: [UInt8] = []

  init(_ address: ListenAddress) throws {
    switch address {
    case .tcp(_, let port):
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_port = port.bigEndian
      name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      try connectSocket(&name)
    case .unix(let path):
      descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      var name = sockaddr_un()
      name.sun_family = sa_family_t(AF_UNIX)
      unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
      try connectSocket(&name)
    }
    setTimeout(milliseconds: 20_000)
  }

  deinit { close(descriptor) }

  /// How long a read or a write waits; a longer one fails with `timedOut`.
  func setTimeout(milliseconds: Int) {
    var limit = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes[sent...].withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure.send(errno) }
      sent += count
    }
  }

  /// Says that nothing more will be sent.
  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next answer: its head, and the body by its declared length.
  func readAnswer(hasBody: Bool = true) throws -> Answer {
    var end = headEnd()
    while end == nil {
      try fill()
      end = headEnd()
    }
    let head = String(decoding: pending[..<(end ?? 0)], as: UTF8.self)
    let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
    let words = lines[0].split(separator: " ")
    guard words.count >= 2, let status = Int(words[1]) else { throw Failure.garbled(head) }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() where !line.isEmpty {
      let colon = line.firstIndex(of: ":") ?? line.endIndex
      headers[line[..<colon].lowercased()] = String(line[colon...].dropFirst(2))
    }
    pending.removeFirst(end ?? 0)
    let length = hasBody ? Int(headers["content-length"] ?? "0") ?? 0 : 0
    while pending.count < length { try fill() }
    let body = String(decoding: pending[..<length], as: UTF8.self)
    pending.removeFirst(length)
    return Answer(status: status, headers: headers, body: body)
  }

  /// Everything up to the end of the connection.
  func readToEnd() throws -> String {
    while true {
      do { try fill() } catch Failure.ended { return String(decoding: pending, as: UTF8.self) }
    }
  }

  /// Waits until the server has ended the connection, by a close or a reset.
  func waitForEnd() throws {
    do { _ = try readToEnd() } catch Failure.reset {}
  }

  private func headEnd() -> Int? {
    guard pending.count >= 4 else { return nil }
    for index in 3..<pending.count where pending[index - 3...index].elementsEqual([13, 10, 13, 10]) {
      return index + 1
    }
    return nil
  }

  private func fill() throws {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    guard count != 0 else { throw Failure.ended }
    guard count > 0 else { throw errno == EAGAIN ? Failure.timedOut : Failure.reset }
    pending.append(contentsOf: buffer[..<count])
  }

  private func connectSocket<Name>(_ name: inout Name) throws {
    let result = unsafe withUnsafePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<Name>.size))
      }
    }
    guard result == 0 else { throw Failure.connect(errno) }
  }
}
