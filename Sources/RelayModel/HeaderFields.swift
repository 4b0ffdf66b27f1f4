/// The header fields of a request or an answer, in the order they came, duplicates kept.
///
/// All fields live in one buffer (`u16` name length, `u32` value length, name, value; big endian),
/// which is also the form they are stored in: a request costs one allocation, not one a field.
/// Names keep their spelling and compare without case; values are bytes, read as UTF-8.
package struct HeaderFields: Sendable, Hashable {
  /// The buffer described above.
  package private(set) var storage: [UInt8]
  package private(set) var count: Int

  package init() {
    storage = []
    count = 0
  }

  /// Takes a stored buffer back. Nil when it is not one that this type wrote.
  package init?(storage: [UInt8]) {
    var count = 0
    var position = 0
    while position < storage.count {
      guard position + 6 <= storage.count else { return nil }
      let end = position + 6 + Self.nameLength(storage, position) + Self.valueLength(storage, position)
      guard end <= storage.count else { return nil }
      position = end
      count += 1
    }
    self.storage = storage
    self.count = count
  }

  /// Takes a buffer that was just written in this type's form, with `count` fields.
  package init(assembled storage: [UInt8], count: Int) {
    self.storage = storage
    self.count = count
  }

  package init(_ fields: [(String, String)]) {
    self.init()
    for (name, value) in fields { append(name, value) }
  }

  package var isEmpty: Bool { count == 0 }

  package mutating func reserve(bytes: Int) { storage.reserveCapacity(bytes) }

  package mutating func append(_ name: String, _ value: String) {
    appendLengths(name: name.utf8.count, value: value.utf8.count)
    storage.append(contentsOf: name.utf8)
    storage.append(contentsOf: value.utf8)
  }

  /// Adds a field. A name over 65,535 or a value over 4 GiB is a programmer error: the server's
  /// limits lie far below.
  package mutating func append(name: some Collection<UInt8>, value: some Collection<UInt8>) {
    appendLengths(name: name.count, value: value.count)
    storage.append(contentsOf: name)
    storage.append(contentsOf: value)
  }

  /// Adds a field out of memory that is only borrowed; the same bounds.
  package mutating func append(name: Span<UInt8>, value: Span<UInt8>) {
    appendLengths(name: name.count, value: value.count)
    unsafe name.withUnsafeBufferPointer { unsafe storage.append(contentsOf: $0) }
    unsafe value.withUnsafeBufferPointer { unsafe storage.append(contentsOf: $0) }
  }

  /// Takes out every field that bears `name`.
  package mutating func removeAll(_ name: String) {
    guard occurrences(name) > 0 else { return }
    let others = self
    self = HeaderFields()
    others.eachField { field, value in
      if !field.isSameName(as: name.utf8.span) { append(name: field, value: value) }
    }
  }

  private mutating func appendLengths(name: Int, value: Int) {
    precondition(name <= 0xFFFF && value <= 0xFFFF_FFFF, "a header field over the limit")
    storage.append(UInt8(name >> 8))
    storage.append(UInt8(name & 0xFF))
    storage.append(UInt8(value >> 24))
    storage.append(UInt8(value >> 16 & 0xFF))
    storage.append(UInt8(value >> 8 & 0xFF))
    storage.append(UInt8(value & 0xFF))
    count += 1
  }

  /// The first value under `name`, compared without case.
  package func first(_ name: String) -> String? {
    firstRange(name).map { String(decoding: storage[$0], as: UTF8.self) }
  }

  /// The bytes of the first value under `name`.
  package func firstBytes(_ name: String) -> ArraySlice<UInt8>? { firstRange(name).map { storage[$0] } }

  /// The bytes of the first value under `name`, and whether there is another, in one pass.
  package func soleBytes(_ name: String) -> (value: ArraySlice<UInt8>, isRepeated: Bool)? {
    guard let value = range(of: name, from: 0) else { return nil }
    return (storage[value], range(of: name, from: value.upperBound) != nil)
  }

  /// Every value under `name`, in order.
  package func values(_ name: String) -> [String] {
    var found: [String] = []
    visit(name) { found.append(String(decoding: storage[$0], as: UTF8.self)) }
    return found
  }

  /// How many fields bear `name`.
  package func occurrences(_ name: String) -> Int {
    var found = 0
    visit(name) { _ in found += 1 }
    return found
  }

  /// Every field as (name, value), in order.
  package var all: [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = []
    fields.reserveCapacity(count)
    var position = 0
    while position < storage.count {
      let name = position + 6..<position + 6 + Self.nameLength(storage, position)
      let value = name.upperBound..<name.upperBound + Self.valueLength(storage, position)
      fields.append(
        (String(decoding: storage[name], as: UTF8.self), String(decoding: storage[value], as: UTF8.self)))
      position = value.upperBound
    }
    return fields
  }

  /// Calls `body` with every field in order, in memory that is only borrowed.
  package func eachField(_ body: (_ name: Span<UInt8>, _ value: Span<UInt8>) -> Void) {
    let bytes = storage.span
    var position = 0
    while position < bytes.count {
      let name = position + 6..<position + 6 + Self.nameLength(bytes, position)
      let value = name.upperBound..<name.upperBound + Self.valueLength(bytes, position)
      body(bytes.extracting(name), bytes.extracting(value))
      position = value.upperBound
    }
  }

  private func firstRange(_ name: String) -> Range<Int>? { range(of: name, from: 0) }

  private func visit(_ name: String, _ body: (Range<Int>) -> Void) {
    var position = 0
    while let value = range(of: name, from: position) {
      body(value)
      position = value.upperBound
    }
  }

  /// Where the value of the first field under `name` stands that begins at `start` or behind it. Asked for
  /// a dozen times a request.
  private func range(of name: String, from start: Int) -> Range<Int>? {
    var name = name
    return name.withUTF8 { wanted in
      let wanted = unsafe wanted.span
      let bytes = storage.span
      var position = start
      while position < bytes.count {
        let nameCount = Self.nameLength(bytes, position)
        let value = position + 6 + nameCount
        let end = value + Self.valueLength(bytes, position)
        if bytes.extracting(position + 6..<value).isSameName(as: wanted) { return value..<end }
        position = end
      }
      return nil
    }
  }

  private static func nameLength(_ bytes: Span<UInt8>, _ at: Int) -> Int {
    Int(bytes[at]) << 8 | Int(bytes[at + 1])
  }

  private static func valueLength(_ bytes: Span<UInt8>, _ at: Int) -> Int {
    Int(bytes[at + 2]) << 24 | Int(bytes[at + 3]) << 16 | Int(bytes[at + 4]) << 8 | Int(bytes[at + 5])
  }

  private static func nameLength(_ bytes: [UInt8], _ at: Int) -> Int {
    Int(bytes[at]) << 8 | Int(bytes[at + 1])
  }

  private static func valueLength(_ bytes: [UInt8], _ at: Int) -> Int {
    Int(bytes[at + 2]) << 24 | Int(bytes[at + 3]) << 16 | Int(bytes[at + 4]) << 8 | Int(bytes[at + 5])
  }
}

extension UInt8 {
  package var asciiLowercased: UInt8 { self >= 65 && self <= 90 ? self | 0x20 : self }
}

extension Span<UInt8> {
  /// Whether both are the name of the same field: equal without case.
  package func isSameName(as other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    for index in indices where self[index].asciiLowercased != other[index].asciiLowercased { return false }
    return true
  }
}
