import RelayDocuments

/// What the destination's record shows.
struct CrashOracle {
  /// Events whose last step was delivered.
  var finished: Set<Int> = []
  var seen: Set<Int> = []
  var reRun: [Int] = []
  var changed: [String] = []
  var twice: [Int] = []

  init(_ deliveries: [Sink.Delivery]) {
    var bodies: [String: String] = [:]
    var executions: [Int: String] = [:]
    var begun: Set<Int> = []
    for delivery in deliveries {
      guard let event = Self.event(delivery) else { continue }
      seen.insert(event)
      if let body = bodies[delivery.key], body != delivery.body { changed.append(delivery.key) }
      bodies[delivery.key] = delivery.body
      let execution = String(delivery.key.prefix { $0 != ":" })
      if let known = executions[event], known != execution { twice.append(event) }
      executions[event] = execution
      if delivery.path == "/second" {
        begun.insert(event)
        finished.insert(event)
      } else if begun.contains(event) {
        reRun.append(event)
      }
    }
  }

  private static func event(_ delivery: Sink.Delivery) -> Int? {
    guard let body = try? JSON.parse(Array(delivery.body.utf8)) else { return nil }
    return body["n"]?.int
  }
}
