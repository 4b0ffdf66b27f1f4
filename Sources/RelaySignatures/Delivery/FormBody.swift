internal import RelayModel

/// Fields of a form body, in both forms that HTML knows.
enum FormBody {
  /// The first field under `name`, decoded; nil where the body is no form or has none.
  static func value(_ name: String, in request: SignedRequest) -> [UInt8]? {
    guard let type = request.headers.firstBytes("Content-Type") else { return nil }
    if type.dropping(prefix: urlencoded) != nil { return FormField.parse(request.body[...]).first(name) }
    guard type.dropping(prefix: multipart) != nil, let boundary = boundary(type) else { return nil }
    return part(name, request.body, boundary: boundary)
  }

  private static let urlencoded = [UInt8]("application/x-www-form-urlencoded".utf8)
  private static let multipart = [UInt8]("multipart/form-data".utf8)

  /// RFC 2046: up to 70 characters, perhaps quoted.
  private static func boundary(_ type: ArraySlice<UInt8>) -> [UInt8]? {
    for parameter in type.split(separator: UInt8(ascii: ";")).dropFirst() {
      guard var value = parameter.trimmingBlanks.dropping(prefix: [UInt8]("boundary=".utf8)) else { continue }
      if value.first == UInt8(ascii: "\""), value.last == UInt8(ascii: "\""), value.count >= 2 {
        value = value.dropFirst().dropLast()
      }
      return (1...70).contains(value.count) ? Array(value) : nil
    }
    return nil
  }

  private static func part(_ name: String, _ body: [UInt8], boundary: [UInt8]) -> [UInt8]? {
    let separator = [UInt8]("--".utf8) + boundary
    guard var start = body[...].firstRange(of: separator)?.upperBound else { return nil }
    while let next = body[start...].firstRange(of: [13, 10] + separator) {
      let part = body[start..<next.lowerBound]
      if let blank = part.firstRange(of: [13, 10, 13, 10]), isNamed(name, part[..<blank.lowerBound]) {
        return Array(part[blank.upperBound...])
      }
      start = next.upperBound
    }
    return nil
  }

  private static func isNamed(_ name: String, _ head: ArraySlice<UInt8>) -> Bool {
    head.split(separator: 10).contains { line in
      guard let value = line.dropping(prefix: [UInt8]("Content-Disposition:".utf8)) else { return false }
      return value.firstRange(of: [UInt8](" name=\"\(name)\"".utf8)) != nil
    }
  }
}
