internal import CCurl

/// One easy handle of libcurl's: owned, freed when it goes, used on one thread.
///
/// Setters throw `.overloaded`: the options and values are fixed here, so that what can fail is memory.
@safe struct EasyHandle: ~Copyable {
  let pointer: UnsafeMutableRawPointer

  /// curl_easy_init.
  init() throws(TransferError) {
    guard let pointer = unsafe curl_easy_init() else { throw .overloaded("libcurl is out of memory") }
    unsafe self.pointer = pointer
  }

  deinit { unsafe curl_easy_cleanup(pointer) }

  func set(_ option: CURLoption, _ value: Int) throws(TransferError) {
    try check(unsafe petrel_curl_long(pointer, option, value))
  }

  func set(_ option: CURLoption, size: Int) throws(TransferError) {
    try check(unsafe petrel_curl_size(pointer, option, curl_off_t(size)))
  }

  /// libcurl copies the text; nil takes the option back.
  func set(_ option: CURLoption, _ text: String?) throws(TransferError) {
    try check(
      unsafe text.map { unsafe petrel_curl_text(pointer, option, $0) }
        ?? petrel_curl_text(pointer, option, nil))
  }

  /// The memory must stay where it is until the option is set anew or the handle is gone.
  @unsafe func set(_ option: CURLoption, memory: UnsafeRawPointer?) throws(TransferError) {
    try check(unsafe petrel_curl_pointer(pointer, option, memory))
  }

  /// A number that libcurl gathered; 0 where it has none.
  func count(_ info: CURLINFO) -> Int {
    var value = 0
    return unsafe petrel_curl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
  }

  func check(_ code: CURLcode) throws(TransferError) {
    guard code == CURLE_OK else { throw .overloaded("libcurl refuses: \(CurlLibrary.text(of: code))") }
  }
}
