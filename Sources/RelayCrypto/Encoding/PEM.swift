/// One block of a PEM text (RFC 7468): what its label says, and its DER bytes.
package struct PEM: Sendable {
  /// For example `PUBLIC KEY`.
  package let label: String
  package let der: [UInt8]

  /// The first block of `text`; what surrounds it is skipped. Nil where there is none, or its base64
  /// is damaged.
  package init?(_ text: [UInt8]) {
    var label: String?
    var base64: [UInt8] = []
    for line in text.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
      let content = String(decoding: line.trimmingBlanks, as: UTF8.self)
      if let open = label {
        if content == "-----END \(open)-----" {
          guard let der = Base64.standard.decode(base64) else { return nil }
          self.label = open
          self.der = der
          return
        }
        base64.append(contentsOf: content.utf8)
      } else if content.hasPrefix("-----BEGIN "), content.hasSuffix("-----"), content.utf8.count > 16 {
        label = String(content.dropFirst(11).dropLast(5))
      }
    }
    return nil
  }
}

extension ArraySlice<UInt8> {
  fileprivate var trimmingBlanks: ArraySlice<UInt8> {
    var slice = self
    while slice.first == 32 || slice.first == 9 { slice.removeFirst() }
    while slice.last == 32 || slice.last == 9 { slice.removeLast() }
    return slice
  }
}
