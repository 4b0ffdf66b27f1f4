internal import CCurl
internal import RelayModel

extension EasyHandle {
  /// Sets what holds for every request: no redirect, no cookie, no decoding, no credential and no proxy
  /// that the configuration did not name, nothing but http and https.
  func setRules(_ configuration: ClientConfiguration) throws(TransferError) {
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
    try set(CURLOPT_HTTPAUTH, 0)
    // An empty proxy, and an empty list of exceptions, keep libcurl from asking the environment.
    try set(CURLOPT_PROXY, configuration.proxy?.destination.description ?? "")
    try set(CURLOPT_NOPROXY, configuration.proxy == nil ? "*" : "")
    if let user = configuration.proxy?.user { try set(CURLOPT_PROXYUSERNAME, user) }
    if let password = configuration.proxy?.password { try set(CURLOPT_PROXYPASSWORD, password) }
    try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    try set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
    // One request a connection: a slow answer never holds up another's, as it would on a shared one.
    try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
    try set(CURLOPT_HTTP09_ALLOWED, 0)
    try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let path = configuration.certificateAuthorities { try set(CURLOPT_CAINFO, path) }
    try set(CURLOPT_TCP_NODELAY, 1)
    try set(CURLOPT_PATH_AS_IS, 1)
    try set(CURLOPT_CONNECTTIMEOUT_MS, Int(configuration.connectTimeout.wholeMilliseconds))
    try set(CURLOPT_MAXAGE_CONN, Int(configuration.longestIdle.components.seconds))
    // No limit of speed: it would also end those who think for long before they answer. A drip ends at the
    // request's timeout, which is for all of it.
    try set(CURLOPT_DNS_CACHE_TIMEOUT, Int(PinTable.kept.components.seconds))
  }
}
