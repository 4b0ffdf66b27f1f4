import Glibc
import RelayHTTP
import RelayModel
import Testing

@Suite struct InheritedSocketTests {
  @Test(arguments: [AF_INET, AF_INET6])
  func `a server serves on a socket that listens already, at its address`(family: Int32) throws {
    let socket = try InheritedSocket(descriptor: try Self.listener(family))
    #expect(socket.host == (family == AF_INET ? "127.0.0.1" : "::1"))
    #expect(socket.port != 0)
    let bed = try ServerBed(inherited: socket)
    #expect(bed.address == .tcp(host: socket.host, port: socket.port))
    guard family == AF_INET else { return }
    let client = try RawClient(bed.address)
    try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.readAnswer().status == 200)
  }

  @Test func `a connection that came before the server is served`() throws {
    let socket = try InheritedSocket(descriptor: try Self.listener(AF_INET))
    let client = try RawClient(socket.address)
    try client.send("GET /early HTTP/1.1\r\nHost: a\r\n\r\n")
    let bed = try ServerBed(inherited: socket)
    #expect(try client.readAnswer().status == 200)
    #expect(bed.seen.requests.first?.target == "/early")
  }

  @Test func `it does not block, and no child gets it`() throws {
    let socket = try InheritedSocket(descriptor: try Self.listener(AF_INET))
    defer { close(socket.descriptor) }
    #expect(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0)
    #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0)
  }

  @Test func `what does not listen on a port is refused with the reason`() throws {
    let unbound = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let datagram = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    let file = unsafe open("/dev/null", O_RDONLY)
    defer { for descriptor in [unbound, datagram, file] { close(descriptor) } }
    for (descriptor, why) in [
      (unbound, "no stream socket that listens"), (datagram, "no stream socket that listens"),
      (file, "operation on non-socket"), (1_000_000, "Bad file descriptor"),
    ] {
      do {
        _ = try InheritedSocket(descriptor: descriptor)
        Issue.record("\(descriptor) is served on")
      } catch {
        #expect(error.description.contains("the inherited descriptor \(descriptor)"))
        #expect(error.description.lowercased().contains(why.lowercased()), "\(error)")
      }
    }
  }

  @Test func `a unix socket is refused: it has no address that the rules on listeners could judge`() throws {
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    // Bound without a name: the kernel gives it an abstract one.
    let isListening = unsafe withUnsafePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sa_family_t>.size)) == 0
          && listen(descriptor, 1) == 0
      }
    }
    try #require(isListening)
    do {
      _ = try InheritedSocket(descriptor: descriptor)
      Issue.record("it is served on")
    } catch {
      #expect(error.description.contains("ListenStream=ADDRESS:PORT"))
    }
  }

  /// A socket that listens on a loopback port, as a supervisor makes it.
  private static func listener(_ family: Int32) throws -> Int32 {
    let descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue), 0)
    var storage = sockaddr_storage()
    let length = unsafe withUnsafeMutableBytes(of: &storage) { bytes -> Int in
      guard family == AF_INET else {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        unsafe address.sin6_addr.__in6_u.__u6_addr8.15 = 1
        unsafe bytes.storeBytes(of: address, as: sockaddr_in6.self)
        return MemoryLayout<sockaddr_in6>.size
      }
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      unsafe bytes.storeBytes(of: address, as: sockaddr_in.self)
      return MemoryLayout<sockaddr_in>.size
    }
    let isListening = unsafe withUnsafePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(length)) == 0 && listen(descriptor, 16) == 0
      }
    }
    try #require(isListening)
    return descriptor
  }
}
