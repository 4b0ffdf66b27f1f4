import CZlib
import RelayDocuments

/// The plain bytes of one gzip member; empty where it is none.
func gunzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = unsafe z_stream()
  guard unsafe inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  else { return [] }
  defer { unsafe inflateEnd(&stream) }
  var input = bytes
  var plain: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65_536)
  let isWhole = unsafe input.withUnsafeMutableBufferPointer { input in
    unsafe stream.next_in = input.baseAddress
    unsafe stream.avail_in = UInt32(input.count)
    while true {
      let (result, count) = unsafe chunk.withUnsafeMutableBufferPointer { output in
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        let result = unsafe inflate(&stream, Z_NO_FLUSH)
        return (result, unsafe output.count - Int(stream.avail_out))
      }
      plain.append(contentsOf: chunk[..<count])
      if result == Z_STREAM_END { return true }
      guard result == Z_OK else { return false }
    }
  }
  return isWhole ? plain : []
}
