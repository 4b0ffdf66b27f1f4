import Glibc

/// A blocking TCP connection on this machine: plain enough that a test sees every byte.
final class Socket {
  let descriptor: Int32
  private var pending: [UInt8] = []

  enum Failure: Error { case refused, closed, malformed }

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Connects to 127.0.0.1, with `patience` seconds for each read.
  init(port: UInt16, patience: Int = 30) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = Self.loopback(port)
    let result = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    // All members are set: a throw runs deinit, which closes.
    guard result == 0 else { throw Failure.refused }
    var span = timeval(tv_sec: patience, tv_usec: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &span, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }

  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure.closed }
      rest = rest.dropFirst(count)
    }
  }

  /// One HTTP message: its first line, its fields in lower case, and a body of `Content-Length`.
  func receiveMessage() throws -> Message {
    while true {
      if let end = headEnd() {
        let lines = String(decoding: pending[..<end], as: UTF8.self)
          .split(separator: "\r\n", omittingEmptySubsequences: true)
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
          guard let colon = line.firstIndex(of: ":") else { throw Failure.malformed }
          let value = line[line.index(after: colon)...].drop { $0 == " " }
          fields[line[..<colon].lowercased()] = String(value)
        }
        let length = fields["content-length"].flatMap { Int($0) } ?? 0
        while pending.count < end + 4 + length { try fill() }
        let body = Array(pending[(end + 4)..<(end + 4 + length)])
        pending.removeFirst(end + 4 + length)
        return Message(start: lines.first.map(String.init) ?? "", fields: fields, body: body)
      }
      try fill()
    }
  }

  /// Everything that comes until the other end closes; what had come before a reset counts too.
  func receiveToEnd() throws -> [UInt8] {
    do {
      while true { try fill() }
    } catch Failure.closed {
      return pending
    }
  }

  private func headEnd() -> Int? {
    guard pending.count >= 4 else { return nil }
    return (0...(pending.count - 4)).first {
      pending[$0] == 13 && pending[$0 + 1] == 10 && pending[$0 + 2] == 13 && pending[$0 + 3] == 10
    }
  }

  private func fill() throws {
    var chunk = [UInt8](repeating: 0, count: 16_384)
    let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
    guard count > 0 else { throw Failure.closed }
    pending.append(contentsOf: chunk[..<count])
  }
}

struct Message {
  let start: String
  let fields: [String: String]
  let body: [UInt8]

  /// The status of an answer.
  var status: Int { start.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }
  var text: String { String(decoding: body, as: UTF8.self) }
}

extension Socket {
  /// One request and its answer on this connection.
  func exchange(
    _ method: String, _ target: String, fields: [(String, String)] = [], body: [UInt8] = []
  ) throws -> Message {
    var text = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(body.count)\r\n"
    for (name, value) in fields { text += "\(name): \(value)\r\n" }
    try send(Array((text + "\r\n").utf8) + body)
    return try receiveMessage()
  }
}
