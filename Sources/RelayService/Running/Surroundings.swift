internal import RelayAdmin
internal import RelayDocuments
internal import RelayHTTP
internal import RelayIngress
internal import RelayModel
internal import RelayThreads
internal import Synchronization

/// A relay that is asked for while it is not being torn down: ingress and relay know each other.
struct WeakRelay: Sendable {
  weak let relay: Relay?

  init(_ relay: Relay) { self.relay = relay }
}

/// What the hook interface asks of the rest of the process.
final class Surroundings: IngressSurroundings {
  let relay = Mutex<WeakRelay?>(nil)
  private let log: any Log

  init(log: any Log) { self.log = log }

  private var current: Relay? { relay.withLock { $0?.relay } }

  func probe(_ path: Substring) -> HTTPResponse? {
    guard path == "/healthz" || path == "/readyz" else { return nil }
    guard path == "/readyz" else {
      return HealthAnswer.alive
    }
    guard let status = current?.status() else {
      return .problem(status: 503, code: "starting", title: "Not ready", detail: "the relay is starting")
    }
    return HealthAnswer.readiness(status)
  }

  func capture(_ secret: [UInt8], hook: String, completion: @escaping @Sendable (Bool) -> Void) {
    guard let relay = current else { return completion(false) }
    // Sealing and committing wait for the disk: not on the loop's thread.
    _ = NamedThread("capture") { [log] in
      do throws(ControlError) {
        try relay.keptSecrets.set("hook-\(hook)", secret)
        let report = relay.reload(force: true)
        log.info(
          "a provider handed over its secret", .text("hook", hook), .number("generation", report.generation))
        completion(true)
      } catch {
        log.error("a secret was not kept", .text("hook", hook), .text("why", error.message))
        completion(false)
      }
    }
  }

  func confirm(_ url: String, hook: String) {
    guard let relay = current else { return }
    relay.client.start(OutgoingRequest(method: "GET", url: url, timeout: .seconds(15))) { [log] result in
      switch result {
      case .success(let answer):
        log.info("a subscription was confirmed", .text("hook", hook), .number("status", answer.status))
      case .failure(let error):
        log.warning("a subscription was not confirmed", .text("hook", hook), .text("why", error.message))
      }
    }
  }
}
