package import RelayHTTP
package import RelayModel

extension Workflow {
  /// Every step, those inside others behind them, and those of `onFailure` last.
  package var allSteps: [Step] { (steps + onFailure).flatMap(\.withInner) }

  /// The workflows that steps run, with the step that does.
  package var runs: [(workflow: String, step: Step)] {
    allSteps.compactMap { step in
      guard case .run(let run) = step.verb else { return nil }
      return (run.workflow, step)
    }
  }

  /// Where the secrets lie that the steps use, with the step that uses each.
  package var secrets: [(reference: SecretReference, step: Step)] {
    allSteps.compactMap { step in
      switch step.verb {
      case .http(let http): http.auth.map { ($0.secret, step) }
      case .forward(let forward): forward.sign.map { ($0.secret, step) }
      case .set, .map, .wait, .switch, .forEach, .parallel, .run, .code, .respond, .stop, .fail: nil
      }
    }
  }
}

extension Step {
  /// Whether the step waits for an approval.
  package var asks: Bool { if case .wait(.approval) = verb { true } else { false } }

  /// The step, and those inside it.
  fileprivate var withInner: [Step] { [self] + verb.blocks.flatMap { $0.flatMap(\.withInner) } }
}

extension Verb {
  /// Where the step sends a request; nil for a step that sends none.
  package var url: URLTemplate? {
    switch self {
    case .http(let step): step.url
    case .forward(let step): step.url
    case .set, .map, .wait, .switch, .forEach, .parallel, .run, .code, .respond, .stop, .fail: nil
    }
  }
}

extension URLTemplate {
  /// Scheme, host and port where they are written out.
  package var literalDestination: Destination? {
    guard let text = literalOrigin else { return nil }
    do {
      return try HTTPURL(text).destination
    } catch {
      return nil
    }
  }
}
