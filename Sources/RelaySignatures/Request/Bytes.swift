internal import RelayCrypto

extension ArraySlice<UInt8> {
  /// Without the blanks and tabs at both ends.
  var trimmingBlanks: ArraySlice<UInt8> {
    var slice = self
    while slice.first == 32 || slice.first == 9 { slice.removeFirst() }
    while slice.last == 32 || slice.last == 9 { slice.removeLast() }
    return slice
  }

  /// What follows `prefix`, compared without case; nil where something else stands there.
  func dropping(prefix: [UInt8]) -> ArraySlice<UInt8>? {
    guard count >= prefix.count else { return nil }
    for index in prefix.indices
    where lowercased(self[startIndex + index]) != lowercased(prefix[index]) { return nil }
    return self[(startIndex + prefix.count)...]
  }

  /// The text, read as UTF-8.
  var text: String { String(decoding: self, as: UTF8.self) }

  /// The text; nil where it is no UTF-8. Plain ASCII, which nearly all of it is, needs no validation.
  var validText: String? {
    allSatisfy { $0 < 0x80 } ? text : String(validating: self, as: UTF8.self)
  }
}

extension [UInt8] {
  /// The text, read as UTF-8.
  var text: String { String(decoding: self, as: UTF8.self) }

  init(_ text: String) { self.init(text.utf8) }
}

private func lowercased(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 0x20 : byte }
