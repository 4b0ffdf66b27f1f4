/// Memory for one request body, at an address that stays: libcurl reads it while it sends.
///
/// Bodies of the usual size reuse the memory of the one before.
@safe final class UploadBuffer {
  private static let usual = 4 << 10
  private static let kept = 64 << 10

  private var memory = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

  deinit { unsafe memory.deallocate() }

  /// Takes a copy of `body` and gives its address, good until the next call.
  func hold(_ body: [UInt8]) -> UnsafeRawPointer {
    if unsafe memory.count < max(body.count, 1) {
      unsafe memory.deallocate()
      unsafe memory = .allocate(byteCount: max(body.count, Self.usual), alignment: 16)
    }
    unsafe memory.copyBytes(from: body)
    guard let start = unsafe memory.baseAddress else {
      preconditionFailure("allocated memory has an address")
    }
    return UnsafeRawPointer(start)
  }

  /// Gives large memory back; libcurl must have done with it.
  func trim() {
    guard unsafe memory.count > Self.kept else { return }
    unsafe memory.deallocate()
    unsafe memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }
}
