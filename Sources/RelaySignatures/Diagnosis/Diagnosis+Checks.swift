internal import RelayCrypto
internal import RelayModel

extension Diagnosis {
  /// The checks in order: up to the refusal they passed; what comes after it is judged where it can be.
  func checks(_ refusal: Refusal?, isSignatureRight: Bool) -> [DiagnosisReport.Check] {
    let failing = refusal.map(\.failedCheck)
    var checks: [DiagnosisReport.Check] = []
    for name in DiagnosisReport.Check.Name.allCases {
      let result: DiagnosisReport.Check.Result =
        switch name {
        case failing: .failed
        case .body: isBodyIntact ? .passed : .failed
        case .secret where isSignatureRight: .passed
        default: checks.contains { $0.result == .failed } ? .unknown : .passed
        }
      checks.append(.init(name: name, result: result, evidence: evidence(name, result, refusal)))
    }
    return checks
  }

  private func evidence(
    _ name: DiagnosisReport.Check.Name, _ result: DiagnosisReport.Check.Result, _ refusal: Refusal?
  ) -> String {
    switch name {
    case .secret: "tried: " + (fingerprints.isEmpty ? "public keys" : fingerprints.joined(separator: ", "))
    case .body: bodyEvidence
    case .headerPresent, .headerReadable, .timestamp:
      result == .failed ? refusal?.detail ?? "" : place.evidence(name, in: request)
    }
  }

  /// The first 8 hex digits of each secret's SHA-256: enough to tell secrets apart, too little to find one.
  private var fingerprints: [String] {
    configuration.secrets.map { secret in
      let digest =
        ValueStep.computed { () throws(CryptoError) in try DigestAlgorithm.sha256.digest(secret) } ?? []
      return String(Hex.text(digest).prefix(8))
    }
  }

  private var isBodyIntact: Bool {
    isBodyComplete && request.headers.first("Content-Length").map { $0 == String(request.body.count) } ?? true
  }

  private var bodyEvidence: String {
    var parts = ["\(request.body.count) bytes came"]
    if let length = request.headers.first("Content-Length") {
      parts.append("Content-Length \(length.prefix(20))")
    }
    if let encoding = request.headers.first("Content-Encoding") {
      parts.append("Content-Encoding \(encoding.prefix(40))")
    }
    if !isBodyComplete { parts.append("the kept copy was cut") }
    return parts.joined(separator: ", ")
  }
}

extension Refusal {
  fileprivate var failedCheck: DiagnosisReport.Check.Name {
    switch code {
    case .missingHeader: .headerPresent
    case .malformedHeader: .headerReadable
    case .timestampOutOfTolerance: .timestamp
    case .unparsableBody: .body
    default: .secret
    }
  }
}
