internal import CCurl
internal import RelayModel

extension Passage {
  /// What libcurl's code means for the caller.
  ///
  /// - Parameters:
  ///   - code: the transfer's result; not CURLE_OK.
  ///   - message: libcurl's own sentence, which names hosts and no paths.
  func failure(_ code: CURLcode, _ message: String) -> TransferError {
    if let objection { return objection }
    switch code {
    case CURLE_OPERATION_TIMEDOUT: return .timeout(destination, after: timeout, progress)
    // After sending, this is libcurl's word for a header line of over 100 KB.
    case CURLE_OUT_OF_MEMORY where progress == .notSent: return .overloaded(message)
    case CURLE_URL_MALFORMAT: return .badURL("libcurl cannot read the URL of \(destination)")
    default: return progress == .notSent ? beforeSending(code, message) : afterSending(code, message)
    }
  }

  private func beforeSending(_ code: CURLcode, _ message: String) -> TransferError {
    if Self.tlsCodes.contains(code.rawValue) { return .tls(destination, message: message) }
    if isProxied { return .proxy(message: message) }
    if code == CURLE_COULDNT_RESOLVE_HOST { return .resolve(host: "\(destination.host)", message: message) }
    return .connect(destination, message: message)
  }

  private func afterSending(_ code: CURLcode, _ message: String) -> TransferError {
    switch code {
    case CURLE_OUT_OF_MEMORY: .garbled(destination, message: "a header line is too long", progress)
    case CURLE_PARTIAL_FILE: .garbled(destination, message: "it was cut off: \(message)", progress)
    case CURLE_SEND_ERROR, CURLE_GOT_NOTHING: .reset(destination, message: message, progress)
    case CURLE_RECV_ERROR where !message.contains("chunk"): .reset(destination, message: message, progress)
    default: .garbled(destination, message: message, progress)
    }
  }

  private static let tlsCodes: Set<UInt32> = Set(
    [
      CURLE_SSL_CONNECT_ERROR, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_PEER_FAILED_VERIFICATION, CURLE_USE_SSL_FAILED, CURLE_SSL_ENGINE_INITFAILED,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT,
    ].map(\.rawValue))
}
