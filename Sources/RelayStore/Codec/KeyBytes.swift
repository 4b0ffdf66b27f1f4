internal import RelayModel

/// A key being built: big endian, so that byte order is number order. Keys are short (a journal key
/// of 32 levels has 201 bytes), so they live on the stack.
struct KeyBytes {
  static let capacity = 224

  private var storage = InlineArray<224, UInt8>(repeating: 0)
  private(set) var count = 0

  init() {}
  init(_ key: RecordKey) { add(key.rawValue) }
  init(_ key: RecordKey, _ path: StepPath) {
    add(key.rawValue)
    add(path.bytes)
  }
  init(_ number: UInt64) { add(number) }
  init(_ text: String) { add(text) }

  /// A key that the store gave back; nil when it is longer than any of ours.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count <= Self.capacity else { return nil }
    for index in bytes.indices { add(unsafe bytes[index]) }
  }

  /// Beyond the capacity is a programmer error: names are bounded where they are read.
  mutating func add(_ byte: UInt8) {
    precondition(count < Self.capacity, "a key over 224 bytes")
    storage[count] = byte
    count += 1
  }

  mutating func add(_ value: UInt64) {
    precondition(count + 8 <= Self.capacity, "a key over 224 bytes")
    for index in 0..<8 {
      storage[count + index] = UInt8(truncatingIfNeeded: value &>> UInt64(56 - 8 * index))
    }
    count += 8
  }

  mutating func add(_ value: UInt32) {
    for shift in stride(from: 24, through: 0, by: -8) {
      add(UInt8(truncatingIfNeeded: value >> UInt32(shift)))
    }
  }

  mutating func add(_ value: UInt16) {
    add(UInt8(value >> 8))
    add(UInt8(value & 0xFF))
  }

  mutating func add(_ key: KeyBytes) {
    for index in 0..<key.count { add(key.storage[index]) }
  }

  mutating func add(_ bytes: [UInt8]) {
    for byte in bytes { add(byte) }
  }

  /// Text and a zero byte, so that no name is the beginning of another.
  mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte) }
    add(0 as UInt8)
  }

  func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    let used = count
    return unsafe storage.span.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[..<used])) }
  }
}

extension UnsafeRawBufferPointer {
  /// The bytes as people read them.
  var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for index in indices {
      let byte = unsafe self[index]
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
