import RelayModel
import RelaySandbox

/// Scripts, as the sandbox sees them: attempts like requests, but that nobody sends their key along.
extension Oracle {
  /// The sandbox stands behind the destinations.
  private var sandbox: Int { scenario.destinations }

  func started(_ script: Script, number: UInt64) {
    let key = key(of: script)
    history.note("script \(number) \(key)")
    sent(SeenRequests.Wire(script), key, number: number, to: sandbox, isFresh: true)
  }

  /// What the script belongs to: of the steps that may be next the one whose seed it has.
  private func key(of script: Script) -> String {
    guard let id = script.executionID, let execution = byID[id], let witness = witnesses[execution] else {
      return ""
    }
    for walker in strands(of: witness) + [witness] {
      guard case .request(let place) = next(of: walker) else { continue }
      let key = "\(id):\(keyPath(place, walker))"
      if Script.seed(of: key) == script.seed { return key }
    }
    return "\(id):?"
  }
}

extension Script {
  /// The text member `execution` of what it sees.
  fileprivate var executionID: String? {
    let parts = String(decoding: input, as: UTF8.self).split(separator: "\"")
    guard let index = parts.firstIndex(of: "execution"), index + 2 < parts.count else { return nil }
    return String(parts[index + 2])
  }
}
