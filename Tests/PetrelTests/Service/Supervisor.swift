import Glibc

/// A supervisor's end of the notification socket (sd_notify), in a folder of its own.
final class Supervisor {
  private let folder: Folder
  private let descriptor: Int32

  struct Failure: Error {
    let seen: [String]
  }

  init() throws {
    folder = try Folder()
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) {
      unsafe $0.copyBytes(from: "\(folder.path)/notify".utf8)
    }
    let isBound = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    guard isBound else { throw Failure(seen: []) }
  }

  deinit { close(descriptor) }

  /// What the relay is started with.
  var environment: [String: String] { ["NOTIFY_SOCKET": "\(folder.path)/notify"] }

  /// The next message; nil where none comes within `milliseconds`.
  func receive(within milliseconds: Int32 = 30_000) -> String? {
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&ready, 1, milliseconds) == 1 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    return count >= 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }

  /// The next message that begins with `prefix`, whatever comes before it.
  func awaitMessage(_ prefix: String) throws -> String {
    var seen: [String] = []
    while let message = receive() {
      if message.hasPrefix(prefix) { return message }
      seen.append(message)
    }
    throw Failure(seen: seen)
  }
}

/// A TCP socket that listens before the relay is there, as a supervisor makes it.
final class ActivationSocket {
  let descriptor: Int32
  let port: UInt16

  /// - Parameter address: in the host's order of bytes.
  init(address: UInt32 = 0x7f00_0001) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.descriptor = descriptor
    var name = Socket.loopback(0)
    name.sin_addr.s_addr = address.bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = unsafe withUnsafeMutablePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, size) == 0 && listen(descriptor, 64) == 0
          && getsockname(descriptor, $0, &size) == 0
      }
    }
    port = UInt16(bigEndian: name.sin_port)
    guard isListening else { throw Socket.Failure.refused }
  }

  deinit { close(descriptor) }

  /// Starts a command with `LISTEN_PID` of its own: nobody else can know it.
  static let wrapper = ["/bin/sh", "-c", "LISTEN_PID=$$ exec \"$@\"", "sh"]

  static func environment(_ names: String...) -> [String: String] {
    ["LISTEN_FDS": "\(names.count)", "LISTEN_FDNAMES": names.joined(separator: ":")]
  }
}
