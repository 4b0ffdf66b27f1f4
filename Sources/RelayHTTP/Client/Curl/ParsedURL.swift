internal import CCurl

/// A URL as libcurl has read it. It is copied for each request: reading the text would cost each of them a
/// tenth of its time.
@safe struct ParsedURL: ~Copyable {
  private let handle: OpaquePointer

  /// curl_url.
  init() throws(TransferError) {
    guard let handle = unsafe curl_url() else { throw .overloaded("libcurl is out of memory") }
    unsafe self.handle = handle
  }

  deinit { unsafe curl_url_cleanup(handle) }

  /// For CURLOPT_CURLU: good as long as this lives.
  var pointer: UnsafeRawPointer { unsafe UnsafeRawPointer(handle) }

  /// curl_url_set, as libcurl itself calls it under our rules.
  func read(_ url: HTTPURL) throws(TransferError) {
    guard unsafe curl_url_set(handle, CURLUPART_URL, url.text, UInt32(CURLU_PATH_AS_IS)) == CURLUE_OK else {
      throw .badURL("libcurl cannot read the URL of \(url.destination)")
    }
  }
}
