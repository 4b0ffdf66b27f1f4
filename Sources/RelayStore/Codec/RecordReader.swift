internal import CLMDB
internal import RelayModel

/// Reads a record back. Reading beyond the end, or a value that cannot be, makes the whole record
/// unsound; nothing is ever read outside of it.
///
/// Safe because every access is checked against `bytes`, which the maker keeps alive.
@safe struct RecordReader {
  private let bytes: UnsafeRawBufferPointer
  private var position: Int
  private(set) var isSound = true
  let version: UInt8

  /// Nil when the checksum is wrong.
  init?(record: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer) {
    guard record.count >= RecordWriter.frame, let base = record.baseAddress else { return nil }
    let stored = unsafe UInt32(littleEndian: base.loadUnaligned(as: UInt32.self))
    var crc = unsafe petrel_crc32c(~0, key.baseAddress, key.count)
    crc = unsafe ~petrel_crc32c(crc, base + 4, record.count - 4)
    guard crc == stored else { return nil }
    unsafe self.bytes = record
    self.version = unsafe record[4]
    self.position = RecordWriter.frame
  }

  /// Reads a payload that was put together from pieces, which were checked one by one.
  init(payload: UnsafeRawBufferPointer, version: UInt8) {
    unsafe self.bytes = payload
    self.version = version
    self.position = 0
  }

  var isAtEnd: Bool { unsafe position == bytes.count }
  var remaining: Int { unsafe bytes.count - position }

  /// The record has a value that cannot be.
  mutating func spoil() { isSound = false }

  mutating func byte() -> UInt8 {
    guard remaining >= 1 else { return fail(0) }
    defer { position += 1 }
    return unsafe bytes[position]
  }

  mutating func flag() -> Bool { byte() != 0 }

  mutating func varint() -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while remaining > 0, shift < 64 {
      let next = unsafe bytes[position]
      position += 1
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return value }
      shift += 7
    }
    return fail(0)
  }

  mutating func signed() -> Int64 {
    let value = varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  mutating func int() -> Int { Int(signed()) }

  mutating func fixed() -> UInt64 {
    guard remaining >= 8 else { return fail(0) }
    defer { position += 8 }
    return unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
  }

  mutating func key() -> RecordKey { RecordKey(rawValue: fixed()) }
  mutating func time() -> Timestamp { Timestamp(milliseconds: signed()) }

  mutating func number<T: FixedWidthInteger>(_ type: T.Type) -> T {
    guard let value = T(exactly: varint()) else { return fail(0) }
    return value
  }

  mutating func optional<T>(_ body: (inout RecordReader) -> T) -> T? { flag() ? body(&self) : nil }
  mutating func optionalTime() -> Timestamp? { optional { $0.time() } }
  mutating func optionalInt() -> Int? { optional { $0.int() } }
  mutating func optionalString() -> String? { optional { $0.string() } }
  mutating func optionalBytes() -> [UInt8]? { optional { $0.blob() } }

  mutating func string() -> String {
    unsafe take(length()) { unsafe String(decoding: $0, as: UTF8.self) } ?? ""
  }
  mutating func blob() -> [UInt8] { unsafe take(length()) { unsafe Array($0) } ?? [] }

  /// Bytes without a length.
  mutating func raw(_ count: Int) -> [UInt8] { unsafe take(count) { unsafe Array($0) } ?? [] }

  mutating func list<T>(_ body: (inout RecordReader) -> T) -> [T] {
    let count = length()
    var values: [T] = []
    values.reserveCapacity(count)
    for _ in 0..<count where isSound { values.append(body(&self)) }
    return values
  }

  /// A case by its stored number.
  mutating func choice<T: RawRepresentable<UInt8>>(_ fallback: T) -> T {
    guard let value = T(rawValue: byte()) else { return fail(fallback) }
    return value
  }

  /// A length, which cannot be more than what is left.
  private mutating func length() -> Int {
    let value = varint()
    guard value <= UInt64(remaining) else { return fail(0) }
    return Int(value)
  }

  private mutating func take<T>(_ count: Int, _ body: (UnsafeRawBufferPointer) -> T) -> T? {
    guard count >= 0, remaining >= count else { return fail(nil) }
    defer { position += count }
    return unsafe body(UnsafeRawBufferPointer(rebasing: bytes[position..<position + count]))
  }

  private mutating func fail<T>(_ value: T) -> T {
    isSound = false
    unsafe position = bytes.count
    return value
  }
}
