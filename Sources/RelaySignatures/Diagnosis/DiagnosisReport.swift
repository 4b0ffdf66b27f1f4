package import RelayDocuments
package import RelayModel

/// What a diagnosis found.
package struct DiagnosisReport: Sendable {
  /// One check, in the order in which a verification makes them.
  package struct Check: Sendable, Hashable {
    package enum Name: String, Sendable, CaseIterable {
      case headerPresent = "header_present"
      case headerReadable = "header_readable"
      case timestamp
      case secret
      case body
    }

    package enum Result: String, Sendable {
      case passed, failed
      /// An earlier check failed, so that this one says nothing.
      case unknown
    }

    package var name: Name
    package var result: Result
    /// What was looked at, for people.
    package var evidence: String
  }

  /// The refusal; nil where the request verifies, or the keys cannot be used at all.
  package var refusal: Refusal?
  package var checks: [Check]
  /// The one explanation; nil where there is nothing to explain, or none was found.
  package var finding: Finding?

  /// Whether the request verifies.
  package var isAccepted: Bool { refusal == nil && finding == nil }

  /// One sentence or two: what was refused, why, and what mends it.
  package var detail: String {
    let refused = refusal?.detail
    guard let finding else { return refused ?? "the request verifies" }
    let said = [refused, finding.what].compactMap { $0 }.joined(separator: ": ")
    return "\(said); \(finding.fix)"
  }

  /// The report as `petrel rejected show --json` gives it.
  package var json: JSON {
    var object = JSONObject([("accepted", .bool(isAccepted))])
    if let refusal { object["reason"] = .string(refusal.code.rawValue) }
    object["detail"] = .string(detail)
    object["checks"] = .array(checks.map(\.json))
    if let finding { object["finding"] = finding.json }
    return .object(object)
  }
}

extension DiagnosisReport.Check {
  fileprivate var json: JSON {
    ["check": .string(name.rawValue), "result": .string(result.rawValue), "evidence": .string(evidence)]
  }
}

extension Finding {
  fileprivate var json: JSON {
    ["code": .string(code.rawValue), "proved": .bool(isProved), "what": .string(what), "fix": .string(fix)]
  }
}
