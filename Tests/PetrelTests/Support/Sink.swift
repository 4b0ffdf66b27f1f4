import Glibc
import RelayThreads
import Synchronization

/// A destination that writes down what it receives, and misbehaves as told.
final class Sink: Sendable {
  /// What it does with one request.
  enum Behaviour: Sendable {
    case answer(Int)
    /// Takes the request and closes without an answer.
    case hangUp
    /// Sends this as it is, and closes.
    case raw([UInt8])
    /// Takes the request and says nothing.
    case silence
    /// Takes the request and resets the connection.
    case reset
  }

  struct Delivery: Sendable, Hashable {
    let path: String
    let key: String
    let body: String
    var method = ""
    var fields: [String: String] = [:]
  }

  let port: UInt16
  private let listener: Int32
  private let seen = Mutex<[Delivery]>([])
  private let choose: @Sendable (Delivery, Int) -> Behaviour

  /// - Parameter choose: decides on each delivery; the number is how many came before it.
  init(_ choose: @escaping @Sendable (Delivery, Int) -> Behaviour = { _, _ in .answer(200) }) throws {
    self.choose = choose
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = Socket.loopback(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listening = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, size) == 0 && listen(descriptor, 1024) == 0
          && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard listening else { throw Socket.Failure.refused }
    listener = descriptor
    port = UInt16(bigEndian: address.sin_port)
    spawn { sink in sink.acceptAll() }
  }

  var deliveries: [Delivery] { seen.withLock { $0 } }

  func close() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func acceptAll() {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { return }
      spawn { sink in sink.serve(Socket(descriptor: connection)) }
    }
  }

  private func serve(_ connection: Socket) {
    while let request = received(from: connection) {
      let parts = request.start.split(separator: " ")
      let delivery = Delivery(
        path: parts.count > 1 ? String(parts[1]) : "", key: request.fields["idempotency-key"] ?? "",
        body: request.text, method: parts.first.map(String.init) ?? "", fields: request.fields)
      let before = seen.withLock { seen in
        seen.append(delivery)
        return seen.count - 1
      }
      guard answer(choose(delivery, before), on: connection) else { return }
    }
  }

  /// False where the connection is to be closed.
  private func answer(_ behaviour: Behaviour, on connection: Socket) -> Bool {
    do {
      switch behaviour {
      case .answer(let status):
        try connection.send(Array("HTTP/1.1 \(status) Answer\r\nContent-Length: 2\r\n\r\nok".utf8))
        return true
      case .raw(let bytes): try connection.send(bytes)
      case .silence: return true
      case .reset:
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<Glibc.linger>.size)
        unsafe setsockopt(connection.descriptor, SOL_SOCKET, SO_LINGER, &linger, size)
      case .hangUp: break
      }
    } catch {}
    return false
  }

  /// Nil when the other end is gone, as it is after each kill.
  private func received(from connection: Socket) -> Message? {
    do { return try connection.receiveMessage() } catch { return nil }
  }

  /// A thread that ends by itself when its socket does.
  private func spawn(_ body: @escaping @Sendable (Sink) -> Void) {
    _ = NamedThread("sink") { body(self) }
  }
}
