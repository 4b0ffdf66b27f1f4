internal import RelayModel

/// What becomes of one request on the wire: how far it came, what arrived, and what we had against it.
///
/// libcurl's callbacks report here, and each answer says whether it may go on.
struct Passage {
  /// Where the connection of a request may go.
  struct Peer {
    /// The request's own host, or the proxy's.
    var host: Destination.Host
    var port: UInt16
    /// Judged before, and the only ones that libcurl is told of.
    var addresses: [IPAddress]
    var isLiteral: Bool
  }

  let destination: Destination
  let timeout: Duration
  let maxAnswer: ByteCount
  let maxHeaders: ByteCount
  /// Nil over a Unix socket, which no address policy knows.
  let peer: Peer?
  let isProxied: Bool

  var answer: AnswerBuffer
  private(set) var progress = TransferError.Progress.notSent
  /// The address that answered, or was to.
  private(set) var connected: IPAddress?
  /// Why a callback ended the transfer.
  private(set) var objection: TransferError?
  /// libcurl wanted to look the name up by itself: it has not learnt, or has forgotten, the addresses.
  var lacksAddresses = false
  private var isOnNewConnection = false

  init(
    to destination: Destination, peer: Peer?, isProxied: Bool = false, timeout: Duration,
    maxAnswer: ByteCount,
    maxHeaders: ByteCount
  ) {
    self.destination = destination
    self.peer = peer
    self.isProxied = isProxied
    self.timeout = timeout
    self.maxAnswer = maxAnswer
    self.maxHeaders = maxHeaders
    answer = AnswerBuffer(maxHeaders: maxHeaders, maxBody: maxAnswer)
  }

  /// What a wire holds before its first request.
  static let none = Passage(
    to: Destination(scheme: .http, host: .address(.v4(0)), port: 1), peer: nil, timeout: .zero,
    maxAnswer: ByteCount(0), maxHeaders: ByteCount(0))

  /// A socket is about to be opened, to `address` where it is an internet one.
  mutating func mayConnect(to address: IPAddress?, _ policy: AddressPolicy) -> Bool {
    isOnNewConnection = true
    return isAllowed(address, policy)
  }

  /// The connection stands, a new or a kept one, and the request is about to be written to it.
  ///
  /// libcurl writes a request again by itself when a kept connection ends without an answer. The server
  /// may have acted on the first one, so that the second is refused here: repeating is the caller's.
  mutating func mayBegin(at address: IPAddress?, _ policy: AddressPolicy) -> Bool {
    guard progress == .notSent else {
      objection = .reset(destination, message: "the kept connection ended before an answer came", progress)
      return false
    }
    guard isAllowed(address, policy) else { return false }
    connected = address
    progress = isOnNewConnection ? .sent : .sentOnKeptConnection
    return true
  }

  mutating func took(line: Span<UInt8>) -> Bool {
    do throws(AnswerBuffer.Excess) {
      try answer.take(line: line)
      return true
    } catch {
      objection = .garbled(
        destination, message: "its header lines are over \(maxHeaders.text) together", progress)
      return false
    }
  }

  mutating func took(body: Span<UInt8>) -> Bool {
    do throws(AnswerBuffer.Excess) {
      try answer.take(body: body)
      return true
    } catch {
      objection = .answerTooLarge(destination, limit: maxAnswer, progress)
      return false
    }
  }

  mutating func ranOutOfDescriptors() { objection = .overloaded("the process is out of descriptors") }

  private mutating func isAllowed(_ address: IPAddress?, _ policy: AddressPolicy) -> Bool {
    guard let peer else { return true }
    guard let address else {
      objection = .forbiddenAddress(host: "\(peer.host)", address: nil, why: "its address is unknown")
      return false
    }
    if peer.addresses.contains(address) { return true }
    // A connection kept from before the name's addresses changed.
    objection = policy.objection(to: address, of: peer.host, hostIsLiteral: peer.isLiteral)
    return objection == nil
  }
}
