internal import RelayModel

/// Fields of a form body, in both forms that HTML knows.
enum FormBody {
  /// The first field under `name`, decoded; nil where the body is no form or has none.
  static func value(_ name: String, in request: SignedRequest) -> [UInt8]? {
    guard let type = request.headers.firstBytes("Content-Type") else { return nil }
    if type.dropping(prefix: urlencoded) != nil {
      return PercentEncoding.fields(request.body[...]).first(name)
    }
    return multipartFields(of: request)?.first(name)
  }

  /// The fields of a multipart body, without its files; nil where the body is none.
  static func multipartFields(of request: SignedRequest) -> [FormField]? {
    guard let type = request.headers.firstBytes("Content-Type"), type.dropping(prefix: multipart) != nil,
      let boundary = boundary(type)
    else { return nil }
    return fields(request.body, boundary: boundary)
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

  /// No form of a provider has more fields.
  private static let maxFields = 256

  private static func fields(_ body: [UInt8], boundary: [UInt8]) -> [FormField] {
    let separator = [UInt8]("--".utf8) + boundary
    guard var start = body[...].firstRange(of: separator)?.upperBound else { return [] }
    var fields: [FormField] = []
    while fields.count < maxFields, let next = body[start...].firstRange(of: [13, 10] + separator) {
      let part = body[start..<next.lowerBound]
      if let blank = part.firstRange(of: [13, 10, 13, 10]), let name = name(part[..<blank.lowerBound]) {
        fields.append(FormField(name: Array(name), value: Array(part[blank.upperBound...])))
      }
      start = next.upperBound
    }
    return fields
  }

  /// The name that a part's head gives it; nil for a file.
  private static func name(_ head: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    for line in head.split(separator: 10) {
      guard let value = line.dropping(prefix: [UInt8]("Content-Disposition:".utf8)),
        value.firstRange(of: [UInt8](" filename".utf8)) == nil,
        let open = value.firstRange(of: [UInt8](" name=\"".utf8))?.upperBound
      else { continue }
      return value[open...].prefix { $0 != UInt8(ascii: "\"") }
    }
    return nil
  }
}
