/// One header field, where libmicrohttpd's parser left it.
@unsafe struct RawField {
  let name: UnsafePointer<UInt8>
  let nameCount: Int
  let value: UnsafePointer<UInt8>
  let valueCount: Int

  /// Blanks after the value are not part of it (RFC 9110, section 5.5).
  var trimmedCount: Int {
    var count = unsafe valueCount
    while count > 0, unsafe value[count - 1] == 0x20 || value[count - 1] == 0x09 { count -= 1 }
    return count
  }
}

/// The request line, where libmicrohttpd's parser left it: three texts that each ended with a zero. The
/// target's bytes are gone by now (the parser decodes them in place), its place and length are known.
@unsafe struct RawRequestLine {
  let method: UnsafePointer<UInt8>
  let target: UnsafePointer<UInt8>
  let targetCount: Int
  let version: UnsafePointer<UInt8>
}

/// How the body of a request is delimited, once the head is known to be sound.
struct RequestFraming {
  /// The declared length; nil for a chunked body, 0 where there is none.
  var declaredLength: Int? = 0
  var expectsContinue = false
  /// Where the body begins in the parser's buffer; 0 before the head is known.
  var bodyAddress: UInt = 0

  var hasBody: Bool { declaredLength != 0 }
}

/// Why a head is refused with 400: one that two programs could read differently, or that is no HTTP.
enum FramingFault: Error {
  case controlCharacter, requestLine, target, fieldName, host, missingHost
  case repeated(String)
  case transferEncoding, lengthAndEncoding, contentLength, bareLineFeed, chunkLine

  /// For the client's author: what to mend.
  var detail: String {
    switch self {
    case .controlCharacter:
      "A control character, a folded line or a line that does not end with CR LF stands in the head."
    case .requestLine: "The request line is a method, one space, a target, one space and HTTP/1.1."
    case .target: "The target is a path that begins with a slash, in printable ASCII."
    case .fieldName: "A field name is a token that is followed by a colon at once."
    case .host: "The Host field holds a name or an address, and a port."
    case .missingHost: "HTTP/1.1 demands a Host field."
    case .repeated(let name): "The field \(name) may stand once only."
    case .transferEncoding: "The only transfer coding is chunked, on its own, in HTTP/1.1."
    case .lengthAndEncoding: "Content-Length and Transfer-Encoding exclude each other."
    case .contentLength: "The Content-Length field holds one decimal number."
    case .bareLineFeed: "The lines between chunks end with CR LF."
    case .chunkLine: "A line between chunks is too long."
    }
  }
}
