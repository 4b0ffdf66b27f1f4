internal import CCurl
internal import RelayModel

// From a start to the wire: checked, judged, resolved, judged again, sent.
extension ClientLoop {
  /// Transfers may be started by others than the engine: the bound is kept here.
  func begin(_ start: ClientInbox.Start) {
    guard transfers.count < configuration.mostTransfers else {
      refuse(start, .overloaded("\(configuration.mostTransfers) requests are under way already"))
      return
    }
    let request = start.request
    do throws(TransferError) {
      if let objection = RequestCheck.objection(to: request) { throw objection }
      let hop = Hop(
        method: request.method, url: try url(of: request.url), headers: request.headers, body: request.body,
        hostIsLiteral: request.hostIsLiteral)
      let transfer = Transfer(start, hop: hop)
      transfers[start.token] = transfer
      proceed(transfer)
    } catch {
      refuse(start, error)
    }
  }

  private func refuse(_ start: ClientInbox.Start, _ error: TransferError) {
    hasCompleted = true
    start.completion(.failure(error))
  }

  private func url(of text: String) throws(TransferError) -> HTTPURL {
    if let known = urls[text] { return known }
    let url = try HTTPURL(text)
    if urls.count >= 512 { urls.removeAll(keepingCapacity: true) }
    urls[text] = url
    return url
  }

  /// Sends the transfer's hop, or lets it wait for the addresses of a name.
  func proceed(_ transfer: Transfer) {
    guard transfer.start.request.unixSocket == nil else { return launch(transfer, peer: nil) }
    let hop = transfer.hop
    if let objection = objection(to: hop) { return complete(transfer, .failure(objection)) }
    let target = configuration.proxy?.destination ?? hop.url.destination
    var peer = Passage.Peer(
      host: target.host, port: target.port, addresses: [],
      isLiteral: configuration.proxy != nil || hop.hostIsLiteral)
    switch target.host {
    case .address(let address):
      peer.addresses = [address]
      launch(transfer, peer: peer)
    case .name(let name): resolve(name, for: transfer, peer)
    }
  }

  /// What speaks against the host as it is written; a name's addresses are judged when they are known.
  private func objection(to hop: Hop) -> TransferError? {
    let host = hop.url.destination.host
    guard case .address(let address) = host else { return configuration.policy.objection(to: host) }
    return configuration.policy.objection(to: address, of: host, hostIsLiteral: hop.hostIsLiteral)
  }

  private func resolve(_ name: String, for transfer: Transfer, _ peer: Passage.Peer) {
    switch names.answer(for: name, now: now) {
    case .addresses(let addresses, let isDue):
      if isDue { ask(name) }
      launch(transfer, toAllowedOf: addresses, peer)
    case .failure(let failure):
      complete(transfer, .failure(.resolve(host: name, message: failure.message)))
    case .wait(let isDue):
      transfer.stage = .waiting(name: name)
      waiting[name, default: []].append(transfer.start.token)
      if isDue { ask(name) }
    }
  }

  private func ask(_ name: String) {
    guard !resolver.ask(name) else { return }
    take(.failure(.unavailable("too many other names are being looked up")), of: name)
  }

  /// Takes a look-up's result, and goes on with those who waited for it.
  func take(_ result: Result<[IPAddress], LookupFailure>, of name: String) {
    names.record(name, result, now: now)
    for token in waiting.removeValue(forKey: name) ?? [] {
      guard let transfer = transfers[token] else { continue }
      transfer.stage = nil
      proceed(transfer)
    }
  }

  /// Every address is judged; libcurl learns only of those that may be called.
  private func launch(_ transfer: Transfer, toAllowedOf addresses: [IPAddress], _ peer: Passage.Peer) {
    var peer = peer
    var objection: TransferError?
    for address in addresses {
      if let found = configuration.policy.objection(to: address, of: peer.host, hostIsLiteral: peer.isLiteral)
      {
        objection = objection ?? found
      } else {
        peer.addresses.append(address)
      }
    }
    if peer.addresses.isEmpty, let objection { return complete(transfer, .failure(objection)) }
    launch(transfer, peer: peer)
  }

  private func launch(_ transfer: Transfer, peer: Passage.Peer?) {
    let left = transfer.start.deadline - now
    guard left > .zero else { return complete(transfer, .failure(timeout(of: transfer))) }
    let request = transfer.start.request
    let passage = Passage(
      to: transfer.hop.url.destination, peer: peer, isProxied: configuration.proxy != nil, timeout: left,
      maxAnswer: request.maxAnswer, maxHeaders: configuration.maxAnswerHeaders)
    do throws(TransferError) {
      let wire = if let idle = idleWires.popLast() { idle } else { try makeWire() }
      try wire.load(transfer, passage: passage)
      if let peer, case .name(let name) = peer.host,
        pins.isNews(name, port: peer.port, peer.addresses, now: now)
      {
        try wire.pin(name, peer)
      }
      try multi?.add(wire)
      transfer.stage = .onWire(wire)
    } catch {
      complete(transfer, .failure(error))
    }
  }

  private func makeWire() throws(TransferError) -> Wire {
    let wire = try Wire(configuration)
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    try wire.handle.check(unsafe petrel_curl_set_close(wire.handle.pointer, closeSocket, context))
    return wire
  }

  func timeout(of transfer: Transfer) -> TransferError {
    .timeout(transfer.hop.url.destination, after: transfer.start.request.timeout, transfer.progress)
  }
}
