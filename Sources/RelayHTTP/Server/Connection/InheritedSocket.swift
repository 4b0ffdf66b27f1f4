internal import CLinux
internal import Glibc

/// A TCP socket that whoever started this process has bound and listens on: it keeps the connections that come
/// while the relay is not there.
///
/// Plain data: the server that is started on it takes the descriptor over, and closes it.
package struct InheritedSocket: Sendable, Hashable {
  package let descriptor: Int32
  /// The address in numbers, and the port.
  package let host: String
  package let port: UInt16

  /// Looks at `descriptor` and makes it one of ours: it does not block, and no child gets it.
  ///
  /// Throws `inheritanceUnusable` for anything but a listening TCP socket.
  package init(descriptor: Int32) throws(ServerError) {
    guard try Self.option(SO_TYPE, of: descriptor) == petrel_socket_stream,
      try Self.option(SO_ACCEPTCONN, of: descriptor) == 1
    else { throw .inheritanceUnusable(descriptor: descriptor, why: "it is no stream socket that listens") }
    (host, port) = try Self.name(of: descriptor)
    let flags = fcntl(descriptor, F_GETFL)
    guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0,
      fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
    else { throw .inheritanceUnusable(descriptor: descriptor, why: reason(errno)) }
    self.descriptor = descriptor
  }

  package var address: ListenAddress { .tcp(host: host, port: port) }

  /// getsockopt(2).
  private static func option(_ name: Int32, of descriptor: Int32) throws(ServerError) -> Int32 {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard unsafe getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 else {
      throw .inheritanceUnusable(descriptor: descriptor, why: reason(errno))
    }
    return value
  }

  /// getsockname(2) and getnameinfo(3), in numbers.
  private static func name(of descriptor: Int32) throws(ServerError) -> (host: String, port: UInt16) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var host = [CChar](repeating: 0, count: 64)
    var port = [CChar](repeating: 0, count: 8)
    let code = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name -> Int32 in
        guard unsafe getsockname(descriptor, name, &length) == 0 else { return EAI_SYSTEM }
        return unsafe getnameinfo(
          name, length, &host, socklen_t(host.count), &port, socklen_t(port.count),
          NI_NUMERICHOST | NI_NUMERICSERV)
      }
    }
    let isInternet = Int32(storage.ss_family) == AF_INET || Int32(storage.ss_family) == AF_INET6
    guard code == 0, isInternet, let number = UInt16(text(port)) else {
      throw .inheritanceUnusable(
        descriptor: descriptor, why: "it has no address and port: give it ListenStream=ADDRESS:PORT")
    }
    return (text(host), number)
  }

  private static func text(_ bytes: [CChar]) -> String {
    String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
