internal import RelayDocuments
package import RelayHTTP
package import RelayModel
package import RelayStore

/// What the routes work with.
struct AdminServices: Sendable {
  let store: Store
  let control: any RelayControl
  let tokens: TokenBook
  let time: any TimeSource
  let log: any Log
}

/// The admin interface of one relay: the same routes on the admin listener and on the unix socket, each with
/// its own `AdminAccess`.
package final class AdminInterface: Sendable {
  let services: AdminServices
  let throttle: FailureThrottle
  /// Answers what this interface serves for another: links that people decide under.
  let guest: (any Responder)?
  /// For looks, which are short.
  let quick: AdminWorker
  /// For what may take long: bulk, backup, reload.
  let slow: AdminWorker

  /// Reads the tokens and starts the workers.
  package init(
    store: Store, control: any RelayControl, guest: (any Responder)? = nil, time: any TimeSource,
    log: any Log
  ) throws(StoreError) {
    self.guest = guest
    let tokens = TokenBook(try store.read { (snapshot) throws(StoreError) in try snapshot.tokens() })
    services = AdminServices(store: store, control: control, tokens: tokens, time: time, log: log)
    throttle = FailureThrottle(time: time)
    quick = AdminWorker("petrel-admin")
    slow = AdminWorker("petrel-admin-2")
  }

  /// What a server asks whose listener has this access.
  package func responder(_ access: AdminAccess) -> AdminResponder {
    AdminResponder(self, access)
  }

  /// Ends the workers when they have done what was handed to them. After the servers have stopped.
  package func stop() {
    quick.stop()
    slow.stop()
  }
}
