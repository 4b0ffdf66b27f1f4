internal import CZlib

/// The gzip format (RFC 1952), written by zlib.
enum Gzip {
  /// `bytes` as one gzip member, at zlib's default level.
  static func compress(_ bytes: [UInt8]) -> [UInt8] {
    var stream = unsafe z_stream()
    // zlib refuses only for lack of memory, or for arguments that are constant here.
    precondition(
      unsafe petrel_gzip_begin(&stream, Z_DEFAULT_COMPRESSION) == Z_OK, "zlib cannot begin a stream")
    defer { unsafe deflateEnd(&stream) }
    let bound = unsafe Int(deflateBound(&stream, UInt(bytes.count)))
    return unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, written in
      unsafe bytes.withUnsafeBufferPointer { input in
        // zlib reads the input only; its interface predates const.
        unsafe stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        let result = unsafe deflate(&stream, Z_FINISH)
        precondition(result == Z_STREAM_END, "the bound that zlib gave holds its output")
      }
      written = unsafe bound - Int(stream.avail_out)
    }
  }
}
