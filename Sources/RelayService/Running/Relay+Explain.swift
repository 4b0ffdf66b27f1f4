package import RelayAdmin
internal import RelayIngress
package import RelayModel
internal import RelaySignatures
internal import RelayStore

extension Relay {
  package func explain(_ key: RecordKey) throws(ControlError) -> [RejectionFinding] {
    let (record, hook, generation) = try rejected(key)
    guard let verifier = hook.gate.verifier else {
      return [RejectionFinding(.diagnosis, "secret", "the hook \(hook.name) has no secret yet")]
    }
    let others = generation.catalog.hooks.values.filter { $0.name != hook.name }.flatMap { other in
      (other.gate.verifier?.configuration.secrets ?? []).map { Diagnosis.KnownSecret(.hook(other.name), $0) }
    }
    let report = Diagnosis(
      generation.catalog.signedRequest(record.request, for: hook), verifier.configuration, known: others,
      isBodyComplete: record.isWhole, at: record.request.receivedAt
    ).explain()
    let checks = report.checks.map { check in
      RejectionFinding(check.result.verdict, check.name.rawValue, check.evidence)
    }
    return checks + [RejectionFinding(.diagnosis, "diagnosis", report.detail)]
  }
}

extension DiagnosisReport.Check.Result {
  fileprivate var verdict: RejectionFinding.Verdict {
    switch self {
    case .passed: .passed
    case .failed: .failed
    case .unknown: .skipped
    }
  }
}
