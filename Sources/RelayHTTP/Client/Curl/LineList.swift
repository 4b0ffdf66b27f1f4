internal import CCurl
internal import RelayModel

/// Lines as the linked list that libcurl reads, in memory that is reused from request to request: the
/// list is ours to lay out, and libcurl only walks it.
@safe final class LineList {
  private var text = unsafe UnsafeMutableBufferPointer<CChar>(start: nil, count: 0)
  private var nodes = unsafe UnsafeMutableBufferPointer<curl_slist>(start: nil, count: 0)
  private var used = 0
  private var length = 0

  deinit {
    unsafe text.deallocate()
    unsafe nodes.deallocate()
  }

  /// Lays out whole lines, then header fields. Gives the list's head, good until the next call; nil for no
  /// line at all.
  func layOut(
    _ lines: [String], _ fields: HeaderFields = HeaderFields()
  ) -> UnsafeMutablePointer<curl_slist>? {
    // A stored field is three bytes longer than its line with the separator and the end.
    let bytes = lines.reduce(fields.storage.count) { $0 + $1.utf8.count + 1 }
    makeRoom(bytes: bytes, lines: lines.count + fields.count)
    used = 0
    length = 0
    for line in lines { addLine { append(line.utf8.span) } }
    fields.eachField { name, value in
      addLine {
        append(name)
        // To libcurl, `Name:` takes a field back and `Name;` is one with an empty value.
        append(value.isEmpty ? Self.noValue.span : Self.separator.span)
        append(value)
      }
    }
    guard length > 0 else { return nil }
    unsafe nodes[length - 1].next = nil
    return unsafe nodes.baseAddress
  }

  private static let separator = Array(": ".utf8)
  private static let noValue = [UInt8(ascii: ";")]

  private func addLine(_ parts: () -> Void) {
    let start = used
    parts()
    unsafe text[used] = 0
    used += 1
    let next = unsafe nodes.baseAddress.map { unsafe $0 + length + 1 }
    unsafe nodes[length] = curl_slist(data: text.baseAddress.map { unsafe $0 + start }, next: next)
    length += 1
  }

  private func append(_ part: Span<UInt8>) {
    unsafe part.withUnsafeBufferPointer { bytes in
      guard let start = unsafe text.baseAddress, let source = bytes.baseAddress else { return }
      unsafe UnsafeMutableRawPointer(start + used).copyMemory(from: source, byteCount: bytes.count)
      used += bytes.count
    }
  }

  private func makeRoom(bytes: Int, lines: Int) {
    if unsafe text.count < bytes {
      unsafe text.deallocate()
      unsafe text = .allocate(capacity: max(bytes, 1024))
    }
    if unsafe nodes.count < lines {
      unsafe nodes.deallocate()
      unsafe nodes = .allocate(capacity: max(lines, 16))
    }
  }
}
