internal import RelayModel

extension ForkRecord: StoredRecord {
  static let version: UInt8 = 1

  func encode(to writer: inout RecordWriter) {
    writer.key(owner)
    writer.varint(UInt64(turns))
    writer.varint(UInt64(width))
    writer.varint(UInt64(next))
    writer.varint(UInt64(open))
    writer.byte((stopped ? 1 : 0) | (isHeld ? 2 : 0))
    writer.optional(fault) { writer, fault in
      writer.varint(UInt64(fault.turn))
      writer.bytes(fault.at.bytes)
      writer.failure(fault.failure)
    }
  }

  init?(from reader: inout RecordReader) {
    self.init(
      owner: reader.key(), turns: reader.number(UInt32.self), width: reader.number(UInt32.self))
    next = reader.number(UInt32.self)
    open = reader.number(UInt32.self)
    let flags = reader.byte()
    stopped = flags & 1 != 0
    isHeld = flags & 2 != 0
    fault = reader.optional { Fault(from: &$0) } ?? nil
  }
}

extension ForkRecord.Fault {
  fileprivate init?(from reader: inout RecordReader) {
    let turn = reader.number(UInt32.self)
    guard let at = StepPath(bytes: reader.blob()) else {
      reader.spoil()
      return nil
    }
    self.init(turn: turn, at: at, failure: reader.failure())
  }
}

extension RecordWriter {
  mutating func strand(_ place: StrandPlace) {
    key(place.root)
    bytes(place.block.bytes)
    varint(UInt64(place.turn))
    int(place.attemptsBefore)
  }
}

extension RecordReader {
  mutating func strand() -> StrandPlace? {
    let root = key()
    guard let block = StepPath(bytes: blob()) else {
      spoil()
      return nil
    }
    return StrandPlace(root: root, block: block, turn: number(UInt32.self), attemptsBefore: int())
  }
}

/// Keys of `strands`: root, step, strand. Those inside a step follow each other.
enum StrandKey {
  static func make(_ place: StrandPlace, _ strand: RecordKey) -> KeyBytes {
    var key = KeyBytes(place.root, place.block)
    key.add(strand.rawValue)
    return key
  }
}
