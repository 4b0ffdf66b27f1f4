import Glibc
import RelayDocuments
import RelayThreads
import Synchronization

/// Central on a socket: takes batches in order, and answers as the contract says.
final class CentralStandIn: Sendable {
  struct Batch: Sendable {
    let path: String
    let fields: [String: String]
    let body: [UInt8]

    var last: Int { fields["petrel-last-seq"].flatMap { Int($0) } ?? 0 }
  }

  let port: UInt16
  private let listener: Int32
  private let seen = Mutex<[Batch]>([])
  /// Answers 503 while it is set.
  let isDown = Mutex(false)

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = Socket.loopback(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listening = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, size) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard listening else { throw Socket.Failure.refused }
    listener = descriptor
    port = UInt16(bigEndian: address.sin_port)
    _ = NamedThread("central") { self.acceptAll() }
  }

  /// The batches that it took.
  var batches: [Batch] { seen.withLock { $0 } }

  func close() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func acceptAll() {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { return }
      _ = NamedThread("central") { self.serve(Socket(descriptor: connection)) }
    }
  }

  private func serve(_ connection: Socket) {
    do {
      while true { try connection.send(Array(answer(try connection.receiveMessage()).utf8)) }
    } catch { return }
  }

  private func answer(_ request: Message) -> String {
    if isDown.withLock({ $0 }) { return "HTTP/1.1 503 Down\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n" }
    let path = request.start.split(separator: " ").dropFirst().first.map(String.init) ?? ""
    let batch = Batch(path: path, fields: request.fields, body: request.body)
    seen.withLock { $0.append(batch) }
    let body = #"{"acked_seq":\#(batch.last),"rejected":[],"next_batch":500,"min_interval_ms":0}"#
    return "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// The events of a batch, unpacked by Debian's own gzip.
  static func events(_ batch: Batch, in folder: Folder) throws -> [JSON] {
    let file = try folder.write("batch.gz", "")
    guard let stream = unsafe fopen(file, "w") else { throw Folder.Failure(what: file) }
    let written = unsafe fwrite(batch.body, 1, batch.body.count, stream)
    unsafe fclose(stream)
    guard written == batch.body.count,
      unsafe system("gzip -dc < '\(file)' > '\(folder.path)/batch.json'") == 0
    else { throw Folder.Failure(what: "gzip") }
    return try JSON.parse(Array(try folder.read("batch.json").utf8)).array ?? []
  }
}
