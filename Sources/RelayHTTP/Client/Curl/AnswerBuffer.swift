internal import RelayModel

/// An answer while it arrives: bounded, whatever the server sends.
struct AnswerBuffer {
  /// Why no more of an answer is taken.
  enum Excess: Error { case headers, body }

  private(set) var headers = HeaderFields()
  private(set) var body: [UInt8] = []
  /// Header lines of all answers to the request, 1xx ones and trailers included.
  private var headerBytes = 0
  /// The final answer's fields are complete: further lines are trailers, which nobody asked for.
  private(set) var isComplete = false
  private var status = 0
  private let maxHeaders: Int
  private let maxBody: Int

  init(maxHeaders: ByteCount, maxBody: ByteCount) {
    self.maxHeaders = maxHeaders.bytes
    self.maxBody = maxBody.bytes
  }

  /// Takes one line with its end, as libcurl gives it: a status line, a field, or the empty line.
  mutating func take(line: Span<UInt8>) throws(Excess) {
    headerBytes += line.count
    guard headerBytes <= maxHeaders else { throw .headers }
    if let status = Self.status(line) {
      self.status = status
      headers = HeaderFields()
      headers.reserve(bytes: 256)
      isComplete = false
    } else if line.count <= 2 {
      isComplete = status >= 200
    } else if !isComplete {
      takeField(line)
    }
  }

  mutating func take(body part: Span<UInt8>) throws(Excess) {
    guard body.count + part.count <= maxBody else { throw .body }
    unsafe part.withUnsafeBufferPointer { unsafe body.append(contentsOf: $0) }
  }

  /// What is wrong with an answer that libcurl takes for a whole one; nil for nothing.
  var fault: String? {
    guard isComplete else { return "it was cut off in its header lines" }
    guard headers.occurrences("content-length") > 1 else { return nil }
    return Set(headers.values("content-length")).count > 1 ? "it has several lengths" : nil
  }

  private mutating func takeField(_ line: Span<UInt8>) {
    guard let colon = line.indices.first(where: { line[$0] == UInt8(ascii: ":") }), colon > 0 else { return }
    var start = colon + 1
    var end = line.count
    while start < end, Self.isBlank(line[start]) { start += 1 }
    while end > start, Self.isBlank(line[end - 1]) { end -= 1 }
    headers.append(name: line.extracting(0..<colon), value: line.extracting(start..<end))
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  /// `HTTP/1.1 202 Accepted`: the three digits after the first blank.
  private static func status(_ line: Span<UInt8>) -> Int? {
    guard line.count >= 12 else { return nil }
    guard line[0] == UInt8(ascii: "H"), line[1] == UInt8(ascii: "T"), line[2] == UInt8(ascii: "T"),
      line[3] == UInt8(ascii: "P"), line[4] == UInt8(ascii: "/")
    else { return nil }
    guard let blank = line.indices.first(where: { line[$0] == 0x20 }), blank + 3 < line.count else {
      return nil
    }
    var status = 0
    for index in (blank + 1)...(blank + 3) {
      guard (48...57).contains(line[index]) else { return nil }
      status = status * 10 + Int(line[index] - 48)
    }
    return status
  }
}
