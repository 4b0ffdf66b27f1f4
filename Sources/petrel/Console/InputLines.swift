internal import Glibc

/// The lines of stdin as bytes, each as soon as it is there.
struct InputLines {
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  /// The next line without its break; nil at the end.
  mutating func next() throws(CommandFailure) -> [UInt8]? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        return line(to: end)
      }
      searched = buffer.count
      guard !isAtEnd else {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        return line(to: buffer.count)
      }
      searched -= drop()
      try fill()
    }
  }

  private func line(to end: Int) -> [UInt8] {
    let bytes = buffer[start..<end]
    return Array(bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes)
  }

  /// Forgets what has been read; answers how many bytes that was.
  private mutating func drop() -> Int {
    let dropped = start
    buffer.removeFirst(dropped)
    start = 0
    return dropped
  }

  private mutating func fill() throws(CommandFailure) {
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe read(STDIN_FILENO, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw CommandFailure(.io, "stdin cannot be read") }
      isAtEnd = count == 0
      buffer += piece[..<count]
      return
    }
  }
}
