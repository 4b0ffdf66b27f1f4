internal import CLinux
internal import Glibc

/// An operating-system thread with a name that `top -H` and a debugger show.
package struct NamedThread: ~Copyable, Sendable {
  private let handle: pthread_t

  /// Starts `body` on a new thread.
  ///
  /// - Parameter name: at most 15 bytes, the kernel's limit.
  package init(_ name: String, body: @escaping @Sendable () -> Void) {
    precondition(name.utf8.count <= 15, "a thread's name is at most 15 bytes")
    let start = unsafe Unmanaged.passRetained(ThreadStart(name: name, body: body)).toOpaque()
    var handle = pthread_t()
    // The only causes are limits that were passed long before this process could do its work.
    precondition(
      unsafe pthread_create(&handle, nil, runThread, start) == 0, "the system refuses another thread")
    self.handle = handle
  }

  /// Waits until the thread's body has returned.
  package consuming func join() {
    precondition(pthread_join(handle, nil) == 0, "a thread is joined once, by another")
  }

  /// Lets the thread end by itself: for one that may be inside a call that nobody can hurry.
  package consuming func detach() {
    precondition(pthread_detach(handle) == 0, "a thread is detached once")
  }

  /// Asks for short scheduler slices for the calling thread, so that what wakes it does not wait out
  /// another thread's tick. Kernels before 6.12 refuse, which costs nothing but the gain.
  package static func askForShortSlices() { _ = petrel_short_slices(100_000) }
}

/// What a new thread is given.
private final class ThreadStart: Sendable {
  let name: String
  let body: @Sendable () -> Void

  init(name: String, body: @escaping @Sendable () -> Void) {
    self.name = name
    self.body = body
  }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  let start = unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
  // A thread without its name works as well; the kernel refuses none of at most 15 bytes.
  _ = unsafe petrel_name_thread(start.name)
  start.body()
  return nil
}
