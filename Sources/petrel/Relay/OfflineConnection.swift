internal import RelayAdmin
internal import RelayDocuments
internal import RelayHTTP
internal import RelayService
internal import RelayStore

/// The admin interface over the folder of a stopped relay, in this process: the same routes, the same objects.
struct OfflineConnection: RelayConnection {
  private let relay: OfflineRelay

  init(_ configuration: Configuration, changes: Bool) throws(CommandFailure) {
    do throws(StoreError) {
      relay = try OfflineRelay(configuration, changes: changes)
    } catch {
      throw CommandFailure(store: error)
    }
  }

  func ask(_ method: String, _ target: String, _ body: JSON?) throws(CommandFailure) -> JSON {
    let (status, json) = relay.ask(method, target, body)
    guard (200..<300).contains(status) else { throw CommandFailure(status: status, problem: json) }
    return json
  }
}

extension CommandFailure {
  init(store error: StoreError) {
    switch error {
    case .busy:
      self.init(.busy, error.message, hints: ["Leave out --offline to ask the relay that has it."])
    case .newerFormat, .unusable: self.init(.badConfiguration, error.message)
    case .full, .closing: self.init(.busy, error.message)
    case .diskFull, .ioFailed: self.init(.io, error.message)
    case .damaged: self.init(.failed, error.message, hints: ["petrel doctor --offline DIR"])
    }
  }
}
