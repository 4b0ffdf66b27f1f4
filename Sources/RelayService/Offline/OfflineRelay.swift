internal import RelayAdmin
package import RelayDocuments
internal import RelayHTTP
internal import RelayModel
package import RelayStore
internal import RelayThreads

/// The folder of a stopped relay, asked as a running one is: the admin interface in this process, over the
/// store. Nothing runs; what is retried here is due when the relay starts.
package final class OfflineRelay: Sendable {
  private let store: Store
  private let interface: AdminInterface
  private let responder: AdminResponder
  private let time = SystemTime()

  /// Opens the folder. Throws `busy` while a relay has it.
  ///
  /// - Parameter changes: false changes nothing in it; true makes the store where there is none yet.
  package init(
    _ configuration: Configuration, changes: Bool, environment: [String: String]
  ) throws(StoreError) {
    guard changes || LocalFile.exists("\(configuration.data)/data.mdb") else {
      throw .unusable(path: configuration.data, why: "there is no store in it")
    }
    var opening = StoreConfiguration(configuration)
    opening.growth = ByteCount(0)
    opening.access = changes ? .readWrite : .readOnly
    opening.executions = 0
    store = try Store.open(opening, time: time, random: SystemRandom())
    let control = OfflineControl(
      store: store, time: time,
      vault: Vault(store: store, keyFile: configuration.keyFile, time: time))
    interface = try AdminInterface(store: store, control: control, time: time, log: SilentLog())
    responder = interface.responder(
      AdminAccess(authentication: .none, hosts: HostList(listen: [])))
  }

  deinit {
    interface.stop()
    store.drainAndClose()
  }

  /// One request and its answer. Waits for it.
  package func ask(_ method: String, _ target: String, _ body: JSON?) -> (status: Int, json: JSON) {
    let bytes = body?.serialized() ?? []
    var headers = HeaderFields([("Host", "localhost")])
    if body != nil { headers.append("Content-Type", "application/json") }
    let request = IncomingRequest(
      method: method, target: target, headers: headers, body: bytes, receivedAt: time.now(), client: "local")
    let answers = Inbox<HTTPResponse>()
    let response = responder.respond(to: request, exchange: Exchange { answers.put($0) })
    if let response { return Self.parsed(response) }
    while true {
      if let answer = answers.wait(atMost: nil).first { return Self.parsed(answer) }
    }
  }

  private static func parsed(_ response: HTTPResponse) -> (status: Int, json: JSON) {
    do {
      return (response.status, response.body.isEmpty ? .null : try JSON.parse(response.body, maxDepth: 256))
    } catch {
      return (response.status, .null)
    }
  }
}
