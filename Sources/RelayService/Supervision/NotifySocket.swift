internal import CLinux
internal import Glibc

/// The datagram socket of whoever supervises the process, by the protocol of sd_notify(3): a message is one
/// datagram. It is small enough that the relay needs no library for it.
package final class NotifySocket: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// Its name: a path, or `@` and an abstract name.
  private let name: String
  private let descriptor: Int32

  /// How long a message waits for a supervisor that does not read.
  private static let patienceMilliseconds = 1000

  /// The socket that `NOTIFY_SOCKET` names; nil where nobody wants to be told.
  package convenience init?(environment: [String: String]) throws(Failure) {
    guard let name = environment["NOTIFY_SOCKET"], !name.isEmpty else { return nil }
    try self.init(name)
  }

  /// Throws where `name` is neither an absolute path nor an abstract name, or too long.
  package init(_ name: String) throws(Failure) {
    let room = MemoryLayout.size(ofValue: sockaddr_un().sun_path)
    guard name.hasPrefix("/") || name.hasPrefix("@"), name.utf8.count < room else {
      throw Failure(
        description: "NOTIFY_SOCKET is neither a path nor an abstract name of a unix socket: \(name)")
    }
    self.name = name
    descriptor = socket(AF_UNIX, petrel_socket_datagram | petrel_socket_close_on_exec, 0)
    guard descriptor >= 0 else {
      throw Failure(description: "socket: \(unsafe String(cString: strerror(errno)))")
    }
    // Without it a supervisor that hangs would hold up the relay; nothing else depends on it.
    _ = petrel_limit_sends(descriptor, Self.patienceMilliseconds)
  }

  deinit { close(descriptor) }

  /// sendto(2): any thread. Waits for a second at most.
  package func send(_ notice: ServiceNotice) throws(Failure) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(name.utf8)
    // An abstract name begins with a zero, and has no zero at its end.
    if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let head = MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path)
    let length = socklen_t(head + bytes.count)
    let message = Array(notice.text.utf8)
    let sent = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL), $0, length)
      }
    }
    guard sent == message.count else {
      throw Failure(description: "\(name): \(unsafe String(cString: strerror(errno)))")
    }
  }
}
