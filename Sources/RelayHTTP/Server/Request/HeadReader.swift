internal import RelayModel

/// Reads a request's head again, after libmicrohttpd 0.9.75 has parsed it, for what that parser lets pass:
/// NULs that cut texts short, line feeds alone, folded lines, repeated and contradictory framing fields.
///
/// The parser works in place: it overwrites CR and LF with zeros and leaves everything where it came. So the
/// parts of a sound head stand side by side, from the method to the blank line, two bytes apart; wherever it
/// swallowed, moved or cut something, they do not.
@unsafe struct HeadReader {
  let line: RawRequestLine
  /// The target's bytes, taken before the parser changed them.
  let target: String
  let fields: [RawField]
  /// From the method to the end of the blank line.
  let headCount: Int

  /// Checks everything.
  func framing() throws(FramingFault) -> RequestFraming {
    unsafe try checkLine()
    unsafe try checkNeighbours()
    for index in unsafe fields.indices { unsafe try HeadReader.check(fields[index]) }
    return unsafe try readFields()
  }

  /// The fields as they are kept, in one allocation. The head must have been found sound.
  func headerFields() -> HeaderFields {
    var count = 0
    for index in unsafe fields.indices {
      unsafe count += 6 + fields[index].nameCount + fields[index].trimmedCount
    }
    let storage = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      var position = 0
      for index in unsafe fields.indices {
        let field = unsafe fields[index]
        let valueCount = unsafe field.trimmedCount
        unsafe HeadReader.put(UInt16(truncatingIfNeeded: field.nameCount), &buffer, &position)
        unsafe HeadReader.put(UInt16(truncatingIfNeeded: valueCount >> 16), &buffer, &position)
        unsafe HeadReader.put(UInt16(truncatingIfNeeded: valueCount), &buffer, &position)
        unsafe HeadReader.put(field.name, field.nameCount, &buffer, &position)
        unsafe HeadReader.put(field.value, valueCount, &buffer, &position)
      }
      initialized = position
    }
    return unsafe HeaderFields(assembled: storage, count: fields.count)
  }

  private func checkLine() throws(FramingFault) {
    let line = unsafe line
    var position = 0
    while unsafe line.method[position] != 0 {
      guard unsafe CharacterSet.token.contains(line.method[position]) else { throw .requestLine }
      position += 1
    }
    guard position > 0, unsafe line.method + position + 1 == line.target else { throw .requestLine }
    guard unsafe line.target + line.targetCount + 1 == line.version else { throw .requestLine }
    let target = unsafe target.utf8
    guard target.first == UInt8(ascii: "/") else { throw .target }
    for byte in target where !byte.isPrintable { throw .target }
  }

  /// Each part begins two bytes, which were CR LF, after the former's end.
  private func checkNeighbours() throws(FramingFault) {
    var next = unsafe line.version + 8 + 2
    for index in unsafe fields.indices {
      let field = unsafe fields[index]
      guard unsafe field.name == next, unsafe field.value > field.name + field.nameCount else {
        throw .controlCharacter
      }
      unsafe next = field.value + field.valueCount + 2
    }
    guard unsafe next + 2 == line.method + headCount else { throw .controlCharacter }
  }

  private static func check(_ field: RawField) throws(FramingFault) {
    guard unsafe field.nameCount > 0 else { throw .fieldName }
    for index in unsafe 0..<field.nameCount {
      guard unsafe CharacterSet.token.contains(field.name[index]) else { throw .fieldName }
    }
    for index in unsafe 0..<field.valueCount {
      guard unsafe field.value[index].isFieldContent else { throw .controlCharacter }
    }
  }

  private func readFields() throws(FramingFault) -> RequestFraming {
    var seen = KnownFields()
    var framing = RequestFraming()
    var hasLength = false
    var isChunked = false
    for index in unsafe fields.indices {
      let field = unsafe fields[index]
      guard let known = unsafe KnownField(field) else { continue }
      guard seen.insert(known) else { throw .repeated(known.rawValue) }
      switch known {
      case .host:
        guard unsafe Self.isHost(field) else { throw .host }
      case .contentLength:
        framing.declaredLength = unsafe try Self.length(field)
        hasLength = true
      case .transferEncoding:
        guard unsafe KnownField.equals(field.value, field.valueCount, "chunked"), unsafe isOneOne else {
          throw .transferEncoding
        }
        isChunked = true
      case .expect:
        framing.expectsContinue = unsafe KnownField.equals(field.value, field.valueCount, "100-continue")
      case .contentType, .contentEncoding: break
      }
    }
    if hasLength && isChunked { throw .lengthAndEncoding }
    if isChunked { framing.declaredLength = nil }
    if unsafe isOneOne && !seen.contains(.host) { throw .missingHost }
    framing.bodyAddress = unsafe UInt(bitPattern: line.method + headCount)
    return framing
  }

  /// HTTP/1.1, or a later minor version, which is read as 1.1; not HTTP/1.0.
  private var isOneOne: Bool { unsafe line.version[7] != UInt8(ascii: "0") }

  private static func length(_ field: RawField) throws(FramingFault) -> Int {
    guard unsafe field.valueCount > 0 else { throw .contentLength }
    var length = 0
    for index in unsafe 0..<field.valueCount {
      let digit = unsafe Int(field.value[index]) - 48
      let (product, overflow) = length.multipliedReportingOverflow(by: 10)
      let (sum, overflowed) = product.addingReportingOverflow(digit)
      guard (0...9).contains(digit), !overflow, !overflowed else { throw .contentLength }
      length = sum
    }
    return length
  }

  private static func isHost(_ field: RawField) -> Bool {
    for index in unsafe 0..<field.trimmedCount {
      guard unsafe CharacterSet.host.contains(field.value[index]) else { return false }
    }
    return true
  }

  private static func put(_ value: UInt16, _ buffer: inout UnsafeMutableBufferPointer<UInt8>, _ at: inout Int)
  {
    unsafe buffer[at] = UInt8(value >> 8)
    unsafe buffer[at + 1] = UInt8(value & 0xFF)
    at += 2
  }

  private static func put(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, _ buffer: inout UnsafeMutableBufferPointer<UInt8>,
    _ at: inout Int
  ) {
    guard count > 0, let base = buffer.baseAddress else { return }
    unsafe (base + at).initialize(from: bytes, count: count)
    at += count
  }
}
