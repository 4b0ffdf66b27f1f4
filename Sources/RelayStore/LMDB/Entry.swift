internal import RelayModel

/// What a cursor stands on: a key and a value as LMDB lends them.
///
/// Safe because the functions that hold one neither keep it nor write before they are done with it:
/// LMDB's memory stays as it is until the transaction's next write or end.
@safe struct Entry {
  let key: UnsafeRawBufferPointer
  let value: UnsafeRawBufferPointer

  init(key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
    unsafe self.key = key
    unsafe self.value = value
  }

  var keyCount: Int { unsafe key.count }
  var valueCount: Int { unsafe value.count }

  /// The record key that stands at `offset` in the key.
  func recordKey(at offset: Int = 0) -> RecordKey { RecordKey(rawValue: number(at: offset)) }

  /// The big-endian number at `offset` in the key; zero where the key is too short (none of ours is).
  func number(at offset: Int = 0) -> UInt64 {
    guard offset + 8 <= keyCount else { return 0 }
    return unsafe UInt64(bigEndian: key.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  func number32(at offset: Int = 0) -> UInt32 {
    guard offset + 4 <= keyCount else { return 0 }
    return unsafe UInt32(bigEndian: key.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  func byte(at offset: Int) -> UInt8 { offset < keyCount ? unsafe key[offset] : 0 }

  /// The bytes of the key in `range`, cut to the key.
  func bytes(_ range: Range<Int>) -> [UInt8] {
    unsafe Array(key[range.clamped(to: 0..<keyCount)])
  }

  /// The name that a key ends in, without its closing zero.
  func name(from offset: Int = 0) -> String {
    String(decoding: bytes(offset..<max(offset, keyCount - 1)), as: UTF8.self)
  }

  func starts(with prefix: KeyBytes) -> Bool {
    guard keyCount >= prefix.count else { return false }
    return unsafe prefix.withBytes { wanted in unsafe wanted.elementsEqual(key[..<wanted.count]) }
  }

  /// The key; nil when it is longer than any of ours.
  var wholeKey: KeyBytes? { unsafe KeyBytes(key) }

  /// The key as people read it.
  var hex: String { unsafe key.hex }
}
