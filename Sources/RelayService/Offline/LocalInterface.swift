internal import RelayAdmin
internal import RelayDocuments
internal import RelayHTTP
internal import RelayModel
internal import RelayStore
internal import RelayThreads

/// The admin interface in this process, without a server: a request is a call.
final class LocalInterface: Sendable {
  private let interface: AdminInterface
  private let responder: AdminResponder
  private let time: any TimeSource

  init(store: Store, control: any RelayControl, time: any TimeSource) throws(StoreError) {
    interface = try AdminInterface(store: store, control: control, time: time, log: SilentLog())
    responder = interface.responder(AdminAccess(authentication: .none, hosts: HostList(listen: [])))
    self.time = time
  }

  /// One request and its answer. Waits for it.
  func ask(_ method: String, _ target: String, _ body: JSON?) -> (status: Int, json: JSON) {
    var headers = HeaderFields([("Host", "localhost")])
    if body != nil { headers.append("Content-Type", "application/json") }
    let request = IncomingRequest(
      method: method, target: target, headers: headers, body: body?.serialized() ?? [],
      receivedAt: time.now(),
      client: "local")
    let answers = Inbox<HTTPResponse>()
    let response = responder.respond(to: request, exchange: Exchange { answers.put($0) })
    if let response { return Self.parsed(response) }
    while true {
      if let answer = answers.wait(atMost: nil).first { return Self.parsed(answer) }
    }
  }

  func stop() { interface.stop() }

  private static func parsed(_ response: HTTPResponse) -> (status: Int, json: JSON) {
    do {
      return (response.status, response.body.isEmpty ? .null : try JSON.parse(response.body, maxDepth: 256))
    } catch {
      return (response.status, .null)
    }
  }
}
