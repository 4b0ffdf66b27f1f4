internal import CCurl
internal import RelayModel

// From the wire to the completion: collected, redirected, ended.
extension ClientLoop {
  /// Wires kept for the next requests; more are made when more requests run at once.
  private static let keptWires = 64

  /// Takes what libcurl has finished.
  func collect() {
    while let (wire, code) = multi?.nextFinished() {
      multi?.remove(wire)
      if let transfer = wire.transfer { finish(transfer, wire, code) }
      recycle(wire)
    }
  }

  private func finish(_ transfer: Transfer, _ wire: Wire, _ code: CURLcode) {
    guard code == CURLE_OK else {
      if tellsAgain(transfer, wire) { return }
      return complete(transfer, .failure(failure(of: transfer, wire, code)))
    }
    let status = wire.handle.count(CURLINFO_RESPONSE_CODE)
    if let fault = status < 200 ? "its final answer has the status \(status)" : wire.passage.answer.fault {
      let error = TransferError.garbled(wire.passage.destination, message: fault, wire.passage.progress)
      return complete(transfer, .failure(error))
    }
    let headers = wire.passage.answer.headers
    do throws(TransferError) {
      if try follow(transfer, status, headers) { return }
    } catch {
      return complete(transfer, .failure(error))
    }
    complete(
      transfer,
      .success(
        HTTPAnswer(
          status: status, headers: headers, body: wire.passage.answer.body, url: transfer.hop.url.text,
          address: wire.passage.connected, onKeptConnection: wire.passage.progress == .sentOnKeptConnection)))
  }

  /// Goes on with the next hop where the answer asks for one and `follow` allows it.
  private func follow(_ transfer: Transfer, _ status: Int, _ headers: HeaderFields) throws(TransferError)
    -> Bool
  {
    let limit = transfer.start.request.follow
    guard limit > 0,
      let hop = try Redirect.next(after: status, location: headers.first("location"), from: transfer.hop)
    else { return false }
    guard transfer.redirectsLeft > 0 else { throw .tooManyRedirects(limit: limit) }
    transfer.redirectsLeft -= 1
    transfer.hop = hop
    transfer.stage = nil
    proceed(transfer)
    return true
  }

  /// Sends the hop once more where libcurl had not been told the name's addresses; nothing was sent yet.
  private func tellsAgain(_ transfer: Transfer, _ wire: Wire) -> Bool {
    guard wire.passage.lacksAddresses, !wire.isPinned, let peer = wire.passage.peer,
      case .name(let name) = peer.host
    else { return false }
    pins.forget(name, port: peer.port)
    transfer.stage = nil
    proceed(transfer)
    return true
  }

  private func failure(of transfer: Transfer, _ wire: Wire, _ code: CURLcode) -> TransferError {
    let failure = wire.failure(code)
    guard case .timeout(let destination, _, let progress) = failure else { return failure }
    let limit = transfer.start.request.timeout
    let isConnecting = progress == .notSent && configuration.connectTimeout < limit
    return .timeout(destination, after: isConnecting ? configuration.connectTimeout : limit, progress)
  }

  private func recycle(_ wire: Wire) {
    wire.rest()
    if idleWires.count < Self.keptWires { idleWires.append(wire) }
  }

  func complete(_ transfer: Transfer, _ result: Result<HTTPAnswer, TransferError>) {
    transfer.stage = nil
    transfers[transfer.start.token] = nil
    hasCompleted = true
    transfer.start.completion(result)
  }

  /// Ends a transfer at whatever stage; its connection is closed if a request was under way on it.
  func cancel(_ token: TransferToken) {
    guard let transfer = transfers[token] else { return }
    let progress = transfer.progress
    if case .onWire(let wire) = transfer.stage {
      multi?.remove(wire)
      recycle(wire)
    }
    complete(transfer, .failure(.cancelled(progress)))
  }

  /// Those who wait for a name have no libcurl yet that would look at their deadline.
  func endOverdueWaits() {
    for (name, tokens) in waiting {
      let left = tokens.filter { token in
        guard let transfer = transfers[token] else { return false }
        guard transfer.start.deadline <= now else { return true }
        complete(transfer, .failure(timeout(of: transfer)))
        return false
      }
      if left.count < tokens.count { waiting[name] = left.isEmpty ? nil : left }
    }
  }
}
