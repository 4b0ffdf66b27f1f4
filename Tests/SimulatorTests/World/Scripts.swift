import RelayModel
import RelaySandbox

/// The sandbox as the engine sees it: every script comes to what the seed will have, whatever it says.
///
/// Sendable because a run uses one thread.
final class Scripts: ScriptRunner, @unchecked Sendable {
  private struct Running {
    var number: UInt64
    var endsAt: Duration
    var result: Result<[UInt8], ScriptFailure>
    var completion: Completion
  }

  private let time: VirtualTime
  private let oracle: Oracle
  private let sabotage: Sabotage?
  private let random: SeededRandom
  /// Those under way, by the instant of their end.
  private var running: [Running] = []
  private var isHealthy = false

  init(_ scenario: Scenario, _ time: VirtualTime, _ oracle: Oracle, _ sabotage: Sabotage?) {
    self.time = time
    self.oracle = oracle
    self.sabotage = sabotage
    random = SeededRandom(scenario.seed, stream: "scripts")
  }

  // MARK: The engine's side

  func start(_ script: Script, completion: @escaping Completion) -> ScriptToken {
    let number = oracle.requests.nextNumber()
    var script = script
    if sabotage == .changesScripts { script.input += Array(" \(number)".utf8) }
    oracle.started(script, number: number)
    let (delay, result) = outcome(of: script)
    let new = Running(number: number, endsAt: time.elapsed() + delay, result: result, completion: completion)
    running.insert(new, at: running.firstIndex { $0.endsAt > new.endsAt } ?? running.count)
    return ScriptToken(number: number)
  }

  func cancel(_ token: ScriptToken) {
    guard let index = running.firstIndex(where: { $0.number == token.number }) else { return }
    running.remove(at: index)
    oracle.ended(token.number, .cancelled, retryAfter: nil)
  }

  private func outcome(of script: Script) -> (Duration, Result<[UInt8], ScriptFailure>) {
    let delay = random.milliseconds(1...40)
    let value = Result<[UInt8], ScriptFailure>.success(Array(#"{"draw":\#(random.below(1000))}"#.utf8))
    guard !isHealthy else { return (delay, value) }
    switch random.below(20) {
    case ..<12: return (delay, value)
    case 12: return (delay, .success(Array("null".utf8)))
    case 13: return (min(random.milliseconds(200...4000), script.timeout), value)
    case 14: return (script.timeout, .failure(ScriptFailure(.timeout, "too late")))
    default:
      let code = random.pick(
        [.failed, .memory, .crashed, .lost, .lost, .unavailable] as [ScriptFailure.Code])
      return (delay, .failure(ScriptFailure(code, "as the seed will have it")))
    }
  }

  // MARK: The world's side

  /// When the next script ends by itself.
  var nextEnd: Duration? { running.first?.endsAt }

  /// Ends what has come to its end.
  func deliver() {
    while let script = running.first, script.endsAt <= time.elapsed() {
      running.removeFirst()
      oracle.ended(script.number, SeenAnswer(script.result), retryAfter: nil)
      let lie = sabotage == .liesAboutScripts
      script.completion(lie ? .success(Array("1".utf8)) : script.result)
    }
  }

  /// The process died, and its scripts with it.
  func forgetAll() { running = [] }

  func heal() { isHealthy = true }
}
