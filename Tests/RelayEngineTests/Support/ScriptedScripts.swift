import RelaySandbox
import Synchronization

/// A sandbox whose answers a test gives, one by one.
final class ScriptedScripts: ScriptRunner {
  struct Started: Sendable {
    var script: Script
    var completion: Completion?
    var isCancelled = false

    var input: String { String(decoding: script.input, as: UTF8.self) }
  }

  private let scripts = Mutex<[Started]>([])

  /// Every script so far, in order.
  var started: [Started] { scripts.withLock { $0 } }

  /// Those that have neither ended nor been cancelled.
  var open: [Started] { started.filter { $0.completion != nil } }

  func start(_ script: Script, completion: @escaping Completion) -> ScriptToken {
    scripts.withLock {
      $0.append(Started(script: script, completion: completion))
      return ScriptToken(number: UInt64($0.count - 1))
    }
  }

  func cancel(_ token: ScriptToken) {
    scripts.withLock {
      $0[Int(token.number)].isCancelled = true
      $0[Int(token.number)].completion = nil
    }
  }

  /// Ends the oldest open script with a value.
  func answer(_ json: String) { end(.success(Array(json.utf8))) }

  func fail(_ code: ScriptFailure.Code, _ message: String = "it failed") {
    end(.failure(ScriptFailure(code, message)))
  }

  private func end(_ result: Result<[UInt8], ScriptFailure>) {
    let completion = scripts.withLock { scripts in
      scripts.firstIndex { $0.completion != nil }.flatMap { scripts[$0].completion.take() }
    }
    completion?(result)
  }
}
