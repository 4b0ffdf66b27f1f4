internal import CCurl
internal import RelayModel

/// A reusable easy handle with all the memory that it points to; it carries one request at a time.
///
/// Used on the client's thread only. libcurl holds its address while the handle is in the multi handle:
/// whoever puts it in keeps it alive until it was taken out.
final class Wire {
  let handle: EasyHandle
  let policy: AddressPolicy
  /// Whose request is under way; nil at rest.
  private(set) var transfer: Transfer?
  /// How that request fares; the callbacks report to it.
  var passage: Passage
  /// libcurl tells addresses as text, mostly the same one again.
  var readings = AddressReading()
  /// Whether the request under way tells libcurl addresses.
  private(set) var isPinned = false
  private let url: ParsedURL
  private let headers = LineList()
  private let pins = LineList()
  /// As a header line: libcurl, given the name alone, would format the line twice, byte by byte.
  private let userAgent: [String]
  private let upload = UploadBuffer()
  private let message = ErrorText()
  private var told = Told()

  /// The options that the handle holds, so that only what changed is set anew.
  private struct Told {
    var url = ""
    var shape: Shape?
    var method = ""
    var needsFreshConnection = false
    var unixSocket: String?
  }

  /// The three ways in which libcurl sends a request.
  private enum Shape {
    case get, head, upload

    init(_ hop: Hop) {
      switch hop.method {
      case "HEAD": self = .head
      case "POST", "PUT", "PATCH": self = .upload
      default: self = hop.body.isEmpty ? .get : .upload
      }
    }

    /// What libcurl sends for it by itself.
    var method: String {
      switch self {
      case .get: "GET"
      case .head: "HEAD"
      case .upload: "POST"
      }
    }
  }

  init(_ configuration: ClientConfiguration) throws(TransferError) {
    handle = try EasyHandle()
    url = try ParsedURL()
    policy = configuration.policy
    userAgent = ["User-Agent: \(configuration.userAgent)"]
    passage = .none
    try handle.setRules(configuration)
    try unsafe handle.set(CURLOPT_ERRORBUFFER, memory: message.start)
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    try handle.check(unsafe petrel_curl_set_callbacks(handle.pointer, wireCallbacks(), context))
  }

  /// Sets the handle for the hop of `transfer`. After a throw the wire is to be thrown away.
  func load(_ transfer: Transfer, passage: Passage) throws(TransferError) {
    self.transfer = transfer
    self.passage = passage
    isPinned = false
    let request = transfer.start.request
    let hop = transfer.hop
    try setRoute(hop.url, request.needsFreshConnection, request.unixSocket)
    try setMessage(hop)
    try handle.set(CURLOPT_TIMEOUT_MS, Int(max(passage.timeout.wholeMilliseconds, 1)))
  }

  /// Lets go of the last request's memory; the handle keeps its options.
  func rest() {
    transfer = nil
    passage = .none
    upload.trim()
  }

  /// What libcurl's code for the finished request means.
  func failure(_ code: CURLcode) -> TransferError {
    passage.failure(code, message.text ?? CurlLibrary.text(of: code))
  }
}

// MARK: - Options of one request

extension Wire {
  private func setRoute(
    _ url: HTTPURL, _ needsFreshConnection: Bool, _ unixSocket: String?
  ) throws(TransferError) {
    if told.url != url.text {
      try self.url.read(url)
      // The text goes into libcurl's messages.
      try handle.set(CURLOPT_URL, url.text)
      try unsafe handle.set(CURLOPT_CURLU, memory: self.url.pointer)
      told.url = url.text
    }
    if told.needsFreshConnection != needsFreshConnection {
      try handle.set(CURLOPT_FRESH_CONNECT, needsFreshConnection ? 1 : 0)
      told.needsFreshConnection = needsFreshConnection
    }
    if told.unixSocket != unixSocket {
      try handle.set(CURLOPT_UNIX_SOCKET_PATH, unixSocket)
      told.unixSocket = unixSocket
    }
  }

  /// Tells libcurl, with this request, the addresses of `name` that were judged: it resolves nothing itself.
  func pin(_ name: String, _ peer: Passage.Peer) throws(TransferError) {
    let addresses = peer.addresses.map(\.description).joined(separator: ",")
    // `+` lets the entry end after `PinTable.kept`; libcurl would keep it for ever otherwise.
    let list = unsafe pins.layOut(["+\(name):\(peer.port):\(addresses)"])
    try unsafe handle.set(CURLOPT_RESOLVE, memory: list)
    isPinned = true
  }

  private func setMessage(_ hop: Hop) throws(TransferError) {
    let shape = Shape(hop)
    if shape != told.shape || hop.method != told.method { try setMethod(hop.method, shape) }
    var lines = hop.headers.occurrences("user-agent") > 0 ? [] : userAgent
    if shape == .upload {
      try unsafe handle.set(CURLOPT_POSTFIELDS, memory: upload.hold(hop.body))
      try handle.set(CURLOPT_POSTFIELDSIZE_LARGE, size: hop.body.count)
      if hop.headers.occurrences("content-type") == 0 { lines += Self.noType }
      if hop.body.count > Self.longestUnasked { lines += Self.noExpectation }
    }
    try unsafe handle.set(CURLOPT_HTTPHEADER, memory: headers.layOut(lines, hop.headers))
  }

  private func setMethod(_ method: String, _ shape: Shape) throws(TransferError) {
    switch shape {
    case .get: try handle.set(CURLOPT_HTTPGET, 1)
    case .head: try handle.set(CURLOPT_NOBODY, 1)
    case .upload: try handle.set(CURLOPT_POST, 1)
    }
    try handle.set(CURLOPT_CUSTOMREQUEST, method == shape.method ? nil : method)
    told.shape = shape
    told.method = method
  }

  // To libcurl, a name and a colon mean: not this field, which it would add by itself.
  private static let noType = ["Content-Type:"]
  private static let noExpectation = ["Expect:"]
  /// libcurl asks before it sends a body of over 1 MiB; well below it there is nothing to suppress.
  private static let longestUnasked = 64 << 10
}
