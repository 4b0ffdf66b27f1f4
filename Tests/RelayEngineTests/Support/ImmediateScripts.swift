import RelaySandbox

/// Answers each script at once with its own input.
struct ImmediateScripts: ScriptRunner {
  func start(_ script: Script, completion: @escaping Completion) -> ScriptToken {
    completion(.success(script.input))
    return ScriptToken(number: 0)
  }

  func cancel(_ token: ScriptToken) {}
}
