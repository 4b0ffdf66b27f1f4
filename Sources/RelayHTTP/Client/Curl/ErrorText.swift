internal import CCurl

/// The memory where libcurl writes its own sentence about a failure.
@safe final class ErrorText {
  private let memory = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  init() { unsafe memory.initialize(repeating: 0) }

  deinit { unsafe memory.deallocate() }

  /// Where the memory is, for as long as this object lives.
  var start: UnsafeRawPointer? { unsafe memory.baseAddress.map { UnsafeRawPointer($0) } }

  /// The sentence; nil when libcurl wrote none.
  var text: String? {
    guard let start = unsafe memory.baseAddress, unsafe start.pointee != 0 else { return nil }
    return unsafe String(cString: start)
  }
}
