internal import RelayDocuments
package import RelayModel

extension BodyValue {
  /// `output(status:headers:body:)` as text, written without building the value: every request of every
  /// execution needs the text, few need the value.
  package static func outputText(status: Int, headers: HeaderFields, body: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(headers.storage.count * 2 + body.count + 64)
    text.append(contentsOf: "{\"status\":".utf8)
    text.append(contentsOf: String(status).utf8)
    text.append(contentsOf: ",\"headers\":{".utf8)
    append(headers, to: &text)
    text.append(contentsOf: "},\"body\":".utf8)
    append(body, headers.first("Content-Type"), to: &text)
    text.append(UInt8(ascii: "}"))
    return text
  }

  private static func append(_ body: [UInt8], _ contentType: String?, to text: inout [UInt8]) {
    if let value = read(body, contentType: contentType) {
      value.append(to: &text)
    } else if !body.isEmpty, let string = String(validating: body, as: UTF8.self) {
      JSON.append(quoted: string, to: &text)
    } else {
      text.append(contentsOf: "null".utf8)
    }
  }

  private static func append(_ headers: HeaderFields, to text: inout [UInt8]) {
    let fields = headers.ranges
    let bytes = headers.storage
    for (index, field) in fields.enumerated() {
      // One that was written together with an earlier one of its name.
      if fields[..<index].contains(where: { same($0.name, field.name, bytes) }) { continue }
      if index > 0 { text.append(UInt8(ascii: ",")) }
      append(quoted: bytes[field.name], lowered: true, to: &text)
      text.append(UInt8(ascii: ":"))
      var value = bytes[field.value]
      for later in fields[(index + 1)...] where same(later.name, field.name, bytes) {
        value = (Array(value) + Array(", ".utf8) + bytes[later.value])[...]
      }
      append(quoted: value, lowered: false, to: &text)
    }
  }

  /// Names are equal without case.
  private static func same(_ a: Range<Int>, _ b: Range<Int>, _ bytes: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    for (i, j) in zip(a, b) where bytes[i].asciiLowercased != bytes[j].asciiLowercased { return false }
    return true
  }

  /// What is plain ASCII goes as it is; the rest by way of a string, which mends what is no UTF-8.
  private static func append(quoted bytes: ArraySlice<UInt8>, lowered: Bool, to text: inout [UInt8]) {
    guard bytes.allSatisfy(isPlain) else {
      let string = String(decoding: lowered ? bytes.map(\.asciiLowercased) : Array(bytes), as: UTF8.self)
      return JSON.append(quoted: string, to: &text)
    }
    text.append(addingCapacity: bytes.count + 2) { quoted in
      quoted.append(UInt8(ascii: "\""))
      for byte in bytes { quoted.append(lowered ? byte.asciiLowercased : byte) }
      quoted.append(UInt8(ascii: "\""))
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}

extension HeaderFields {
  /// Where each field's name and value lie in `storage`.
  fileprivate var ranges: [(name: Range<Int>, value: Range<Int>)] {
    var ranges: [(name: Range<Int>, value: Range<Int>)] = []
    ranges.reserveCapacity(count)
    var position = 0
    while position < storage.count {
      let nameStart = position + 6
      let nameEnd = nameStart + (Int(storage[position]) << 8 | Int(storage[position + 1]))
      let length = storage[(position + 2)..<nameStart].reduce(0) { $0 << 8 | Int($1) }
      ranges.append((nameStart..<nameEnd, nameEnd..<(nameEnd + length)))
      position = nameEnd + length
    }
    return ranges
  }
}
