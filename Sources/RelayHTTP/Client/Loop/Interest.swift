internal import CCurl
internal import CLinux
internal import Glibc

/// Which sockets libcurl waits for, told to the kernel with as few calls as possible.
///
/// A kept connection stays registered between two requests, so that the next one needs no call at all;
/// one that becomes ready in between (the server closed it) is taken out then.
@safe struct Interest: ~Copyable {
  private struct Entry {
    /// What the kernel was told; nil when the socket is not registered.
    var registered: UInt32?
    /// What libcurl waits for; 0 between requests.
    var wish: UInt32 = 0
  }

  private let epoll: Int32
  private var entries: [Entry] = []
  private var events = unsafe [epoll_event](repeating: epoll_event(), count: 256)

  /// - Parameter wake: a descriptor that ends a wait when it is readable.
  init(wake: Int32) throws(TransferError) {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw .overloaded("the process is out of descriptors") }
    setWish(CURL_POLL_IN, for: wake)
  }

  deinit { close(epoll) }

  /// Sets what libcurl waits for on `descriptor`, in its own words (`CURL_POLL_IN` and so on).
  mutating func setWish(_ what: Int32, for descriptor: Int32) {
    let wish = Self.events(what)
    let index = Int(descriptor)
    if index >= entries.count { entries += Array(repeating: Entry(), count: index + 64 - entries.count) }
    entries[index].wish = wish
    guard wish != 0, entries[index].registered != wish else { return }
    var event = unsafe epoll_event(events: wish, data: epoll_data_t(fd: descriptor))
    let call = entries[index].registered == nil ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
    let status = unsafe epoll_ctl(epoll, call, descriptor, &event)
    // Failing here is a lack of kernel memory, or a bug; the transfer then ends at its timeout.
    entries[index].registered = status == 0 ? wish : nil
  }

  /// The socket is being closed, which takes it out of the kernel's set by itself.
  mutating func forget(_ descriptor: Int32) {
    if entries.indices.contains(Int(descriptor)) { entries[Int(descriptor)] = Entry() }
  }

  /// Waits up to `milliseconds` (-1: for ever) for a wished-for event.
  mutating func wait(milliseconds: Int32) -> Int {
    let count = unsafe epoll_wait(epoll, &events, Int32(events.count), milliseconds)
    return max(Int(count), 0)
  }

  /// The descriptor and libcurl's word for what it is ready for, at `index` of the last wait; nil when
  /// nobody waits for it any more.
  mutating func event(at index: Int) -> (descriptor: Int32, readiness: Int32)? {
    let event = unsafe events[index]
    let descriptor = unsafe event.data.fd
    guard entries[Int(descriptor)].wish == 0 else { return unsafe (descriptor, Self.readiness(event.events)) }
    if entries[Int(descriptor)].registered != nil {
      _ = epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
      entries[Int(descriptor)].registered = nil
    }
    return nil
  }

  private static func events(_ what: Int32) -> UInt32 {
    switch what {
    case CURL_POLL_IN: EPOLLIN.rawValue
    case CURL_POLL_OUT: EPOLLOUT.rawValue
    case CURL_POLL_INOUT: EPOLLIN.rawValue | EPOLLOUT.rawValue
    default: 0
    }
  }

  private static func readiness(_ events: UInt32) -> Int32 {
    var readiness: Int32 = 0
    if events & (EPOLLIN.rawValue | EPOLLHUP.rawValue) != 0 { readiness |= CURL_CSELECT_IN }
    if events & EPOLLOUT.rawValue != 0 { readiness |= CURL_CSELECT_OUT }
    if events & EPOLLERR.rawValue != 0 { readiness |= CURL_CSELECT_ERR }
    return readiness
  }
}
