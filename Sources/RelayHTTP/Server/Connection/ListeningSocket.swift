internal import CLinux
internal import Glibc

/// A socket that listens. One for all loops: so the port is exclusively ours (with `SO_REUSEPORT` a second
/// relay would silently take every other connection), and none that waits is lost when a loop ends.
struct ListeningSocket: ~Copyable {
  enum Acceptance {
    case connection(AcceptedSocket)
    /// Nobody waits.
    case nobody
    /// The process or the machine is out of descriptors or memory: try again later, not at once.
    case exhausted
  }

  let descriptor: Int32
  /// Where it listens, with the port that the kernel chose.
  let address: ListenAddress

  /// Takes over what listens already.
  init(_ inherited: InheritedSocket) {
    descriptor = inherited.descriptor
    address = inherited.address
  }

  /// socket(2), bind(2), listen(2). A unix socket that a dead process left is replaced.
  init(_ address: ListenAddress) throws(ServerError) {
    switch address {
    case .tcp(let host, let port):
      descriptor = try Self.listenTCP(host, port, address)
      self.address = .tcp(host: host, port: Self.boundPort(descriptor) ?? port)
    case .unix(let path):
      descriptor = try Self.listenUnix(path, address)
      self.address = address
    }
  }

  deinit {
    close(descriptor)
    if case .unix(let path) = address { unsafe _ = unlink(path) }
  }

  /// accept4(2): the next connection that waits; never blocks.
  borrowing func accept() -> Acceptance {
    while true {
      var storage = sockaddr_storage()
      var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let accepted = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe petrel_accept(descriptor, $0, &length)
        }
      }
      guard accepted < 0 else {
        return .connection(AcceptedSocket(descriptor: accepted, address: storage, addressLength: length))
      }
      switch errno {
      case EAGAIN: return .nobody
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
      // A peer that gave up while it waited, or an error of its network: the next one may do.
      default: continue
      }
    }
  }

  private static func listenTCP(_ host: String, _ port: UInt16, _ address: ListenAddress) throws(ServerError)
    -> Int32
  {
    var hints = unsafe addrinfo()
    unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    unsafe hints.ai_socktype = petrel_socket_stream
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, String(port), &hints, &list)
    guard code == 0, let found = unsafe list else {
      throw .addressUnusable(address, why: unsafe String(cString: gai_strerror(code)))
    }
    defer { unsafe freeaddrinfo(found) }
    let family = unsafe found.pointee.ai_family
    let descriptor = try open(family)
    setFlag(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
    if family == AF_INET6 { petrel_take_both_families(descriptor) }
    guard unsafe bind(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else {
      throw refusal(closing: descriptor, address)
    }
    try listen(descriptor, address)
    return descriptor
  }

  private static func listenUnix(_ path: String, _ address: ListenAddress) throws(ServerError) -> Int32 {
    var name = sockaddr_un()
    let capacity = MemoryLayout.size(ofValue: name.sun_path)
    guard path.utf8.count < capacity else {
      throw .addressUnusable(address, why: "the path of a unix socket has at most \(capacity - 1) bytes")
    }
    name.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    try removeIfDead(path, name, address)
    let descriptor = try open(AF_UNIX)
    // The mode of the unbound socket is the mode of the file that bind makes: never open to others, not even
    // for an instant.
    fchmod(descriptor, 0o600)
    let bound = unsafe withUnsafePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, length) }
    }
    guard bound == 0, unsafe chmod(path, 0o600) == 0 else { throw refusal(closing: descriptor, address) }
    try listen(descriptor, address)
    return descriptor
  }

  /// Removes the socket file that a process left behind when it was killed; one that answers is in use.
  private static func removeIfDead(_ path: String, _ name: sockaddr_un, _ address: ListenAddress)
    throws(ServerError)
  {
    let probe = try open(AF_UNIX)
    defer { close(probe) }
    var name = name
    let connected = unsafe withUnsafePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(probe, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    if connected == 0 || errno == EAGAIN { throw .addressInUse(address) }
    if errno == ECONNREFUSED { unsafe _ = unlink(path) }
  }

  private static func open(_ family: Int32) throws(ServerError) -> Int32 {
    let kind = petrel_socket_stream | petrel_socket_nonblocking | petrel_socket_close_on_exec
    let descriptor = socket(family, kind, 0)
    guard descriptor >= 0 else { throw .systemFailed(call: "socket", why: reason(errno)) }
    return descriptor
  }

  private static func listen(_ descriptor: Int32, _ address: ListenAddress) throws(ServerError) {
    guard Glibc.listen(descriptor, 4096) == 0 else { throw refusal(closing: descriptor, address) }
  }

  private static func refusal(closing descriptor: Int32, _ address: ListenAddress) -> ServerError {
    let code = errno
    close(descriptor)
    return code == EADDRINUSE ? .addressInUse(address) : .addressUnusable(address, why: reason(code))
  }

  private static func setFlag(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
    var value = value
    unsafe setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func boundPort(_ descriptor: Int32) -> UInt16? {
    var name = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = unsafe withUnsafeMutablePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &length)
      }
    }
    guard result == 0 else { return nil }
    // The port stands at the same place in both families' addresses.
    return unsafe withUnsafeBytes(of: &name) {
      UInt16(bigEndian: unsafe $0.load(as: sockaddr_in.self).sin_port)
    }
  }
}

/// strerror(3).
func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
