internal import CLMDB
internal import RelayModel

/// A record's form in the store: a version, and what follows it.
protocol StoredRecord {
  /// The form that `encode` writes; a reader knows all up to it.
  static var version: UInt8 { get }
  borrowing func encode(to writer: inout RecordWriter)
  /// Nil when the payload does not have the form that its version says.
  init?(from reader: inout RecordReader)
}

/// Builds one record after another in a buffer that it keeps: `CRC-32C (4) ‖ version (1) ‖ payload`.
/// The checksum covers key, version and payload, so that a record under a wrong key is found too.
///
/// Safe because the buffer is owned here, grows before every write, and is lent out only until the
/// next `begin`.
@safe struct RecordWriter: ~Copyable {
  static let frame = 5

  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private(set) var count: Int

  init(capacity: Int = 64 << 10) {
    unsafe self.base = .allocate(byteCount: capacity, alignment: 16)
    self.capacity = capacity
    self.count = 0
  }

  deinit { unsafe base.deallocate() }

  mutating func begin(version: UInt8) {
    count = 4
    byte(version)
  }

  /// Puts the checksum in front and lends the finished record.
  func seal(key: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var crc = unsafe petrel_crc32c(~0, key.baseAddress, key.count)
    crc = unsafe ~petrel_crc32c(crc, base + 4, count - 4)
    unsafe base.storeBytes(of: crc.littleEndian, as: UInt32.self)
    return unsafe UnsafeRawBufferPointer(start: base, count: count)
  }

  /// A copy of what follows the frame.
  func payload() -> [UInt8] {
    unsafe Array(UnsafeRawBufferPointer(start: base, count: count)[Self.frame...])
  }

  mutating func byte(_ value: UInt8) {
    room(1)
    unsafe base.storeBytes(of: value, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  mutating func flag(_ value: Bool) { byte(value ? 1 : 0) }

  /// LEB128: seven bits a byte, the lowest first.
  mutating func varint(_ value: UInt64) {
    if value < 0x80 { return byte(UInt8(truncatingIfNeeded: value)) }
    room(10)
    var rest = value
    while rest >= 0x80 {
      unsafe base.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: count, as: UInt8.self)
      count += 1
      rest >>= 7
    }
    unsafe base.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: count, as: UInt8.self)
    count += 1
  }

  mutating func int(_ value: Int) { signed(Int64(value)) }

  /// Zigzag: small either way stays short.
  mutating func signed(_ value: Int64) {
    varint(UInt64(bitPattern: value &<< 1 ^ value >> 63))
  }

  mutating func fixed(_ value: UInt64) {
    room(8)
    unsafe base.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt64.self)
    count += 8
  }

  mutating func key(_ value: RecordKey) { fixed(value.rawValue) }
  mutating func time(_ value: Timestamp) { signed(value.milliseconds) }

  mutating func optional<T>(_ value: T?, _ body: (inout RecordWriter, T) -> Void) {
    guard let value else { return byte(0) }
    byte(1)
    body(&self, value)
  }

  mutating func optionalTime(_ value: Timestamp?) { optional(value) { $0.time($1) } }
  mutating func optionalInt(_ value: Int?) { optional(value) { $0.int($1) } }
  mutating func optionalString(_ value: String?) { optional(value) { $0.string($1) } }
  mutating func optionalBytes(_ value: [UInt8]?) { optional(value) { $0.bytes($1) } }

  mutating func string(_ value: String) {
    let done: Void? = unsafe value.utf8.withContiguousStorageIfAvailable { text in
      varint(UInt64(text.count))
      unsafe raw(UnsafeRawBufferPointer(text))
    }
    if done == nil { bytes(Array(value.utf8)) }
  }

  mutating func bytes(_ value: [UInt8]) {
    varint(UInt64(value.count))
    raw(value)
  }

  /// Bytes without a length.
  mutating func raw(_ value: [UInt8]) { unsafe value.withUnsafeBytes { unsafe raw($0) } }
  mutating func raw(_ value: ArraySlice<UInt8>) { unsafe value.withUnsafeBytes { unsafe raw($0) } }

  mutating func list<T>(_ values: [T], _ body: (inout RecordWriter, T) -> Void) {
    varint(UInt64(values.count))
    for value in values { body(&self, value) }
  }

  private mutating func raw(_ value: UnsafeRawBufferPointer) {
    guard let start = value.baseAddress else { return }
    room(value.count)
    unsafe (base + count).copyMemory(from: start, byteCount: value.count)
    count += value.count
  }

  private mutating func room(_ needed: Int) {
    if count + needed > capacity { grow(to: count + needed) }
  }

  private mutating func grow(to needed: Int) {
    let larger = max(needed, capacity * 2)
    let fresh = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    unsafe fresh.copyMemory(from: base, byteCount: count)
    unsafe base.deallocate()
    unsafe base = fresh
    capacity = larger
  }
}
