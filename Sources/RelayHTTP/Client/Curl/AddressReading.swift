internal import RelayModel

/// The last address that was read from libcurl's text: most requests go where the one before went.
struct AddressReading {
  private var text: [CChar] = []
  private var address: IPAddress?

  /// The address in a C string; nil for what is none, as over a Unix socket.
  @unsafe mutating func address(in text: UnsafePointer<CChar>) -> IPAddress? {
    if unsafe isSame(text) { return address }
    self.text = []
    var next = unsafe text
    while unsafe next.pointee != 0 {
      unsafe self.text.append(next.pointee)
      unsafe next += 1
    }
    address = IPAddress(String(decoding: self.text.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    return address
  }

  private func isSame(_ other: UnsafePointer<CChar>) -> Bool {
    for index in text.indices {
      // A shorter text ends this at its zero, before anything beyond it is read.
      guard unsafe other[index] == text[index] else { return false }
    }
    return unsafe other[text.count] == 0
  }
}
