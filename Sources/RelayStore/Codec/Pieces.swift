/// How a record that is too large for a leaf is stored: a stub in its own database (version with the
/// mark, how many pieces, how many bytes), and the payload in `pieces`, a page each. LMDB would put it
/// on contiguous pages, which make the file grow and its list of free pages slow.
enum Pieces {
  /// Set in the version byte of a stub.
  static let mark: UInt8 = 0x80

  /// The key of piece `number` of the record under `key`.
  static func key(_ database: Database, _ key: KeyBytes, _ number: Int) -> KeyBytes {
    var whole = KeyBytes()
    whole.add(UInt8(database.rawValue))
    whole.add(key)
    whole.add(UInt16(number))
    return whole
  }

  static func count(of bytes: Int) -> Int {
    (bytes + StoreLimits.pieceBytes - 1) / StoreLimits.pieceBytes
  }
}

/// One piece: bytes, framed like every record.
struct Piece: StoredRecord {
  static let version: UInt8 = 1

  var bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  func encode(to writer: inout RecordWriter) { writer.raw(bytes) }

  init?(from reader: inout RecordReader) { bytes = reader.raw(reader.remaining)[...] }
}

extension Snapshot {
  /// The payload that `stub` stands for.
  func pieces(
    _ database: Database, _ key: KeyBytes, stub reader: inout RecordReader
  ) throws(StoreError) -> [UInt8] {
    let count = Int(reader.number(UInt16.self))
    let size = reader.int()
    guard reader.isSound, Pieces.count(of: size) == count else { throw damaged(database, key) }
    var whole: [UInt8] = []
    whole.reserveCapacity(size)
    for number in 0..<count {
      let pieceKey = Pieces.key(database, key, number)
      guard let piece = try record(.pieces, pieceKey, as: Piece.self) else {
        throw damaged(.pieces, pieceKey)
      }
      whole += piece.bytes
    }
    guard whole.count == size else { throw damaged(database, key) }
    return whole
  }
}
