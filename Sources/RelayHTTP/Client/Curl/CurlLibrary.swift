internal import CCurl

/// libcurl's state for the whole process.
enum CurlLibrary {
  /// Initialises libcurl once (curl_global_init), before its first handle. Nil, or why it could not.
  static let failure: String? = {
    let code = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    return code == CURLE_OK ? nil : text(of: code)
  }()

  /// curl_easy_strerror: what a code means, for people.
  static func text(of code: CURLcode) -> String { unsafe String(cString: curl_easy_strerror(code)) }
}
