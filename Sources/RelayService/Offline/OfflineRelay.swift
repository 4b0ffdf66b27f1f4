package import RelayDocuments
internal import RelayModel
package import RelayStore

/// The folder of a stopped relay, asked as a running one is: the admin interface in this process, over the
/// store. Nothing runs; what is retried here is due when the relay starts.
package final class OfflineRelay: Sendable {
  private let store: Store
  private let interface: LocalInterface

  /// Opens the folder. Throws `busy` while a relay has it.
  ///
  /// - Parameter changes: false changes nothing in it; true makes the store where there is none yet.
  package init(_ configuration: Configuration, changes: Bool) throws(StoreError) {
    guard changes || LocalFile.exists("\(configuration.data)/data.mdb") else {
      throw .unusable(path: configuration.data, why: "there is no store in it")
    }
    let time = SystemTime()
    var opening = StoreConfiguration(configuration)
    opening.growth = ByteCount(0)
    opening.access = changes ? .readWrite : .readOnly
    opening.executions = 0
    store = try Store.open(opening, time: time, random: SystemRandom())
    let vault = Vault(store: store, keyFile: configuration.keyFile, time: time)
    interface = try LocalInterface(
      store: store, control: OfflineControl(store: store, time: time, vault: vault), time: time)
  }

  deinit {
    interface.stop()
    store.drainAndClose()
  }

  /// One request and its answer. Waits for it.
  package func ask(_ method: String, _ target: String, _ body: JSON?) -> (status: Int, json: JSON) {
    interface.ask(method, target, body)
  }
}
