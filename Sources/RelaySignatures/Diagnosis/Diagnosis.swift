internal import RelayDocuments
package import RelayModel

/// Finds out why a request's signature was refused: the checks in their order, then what could explain
/// the refusal, tried offline on the bytes that came; the first explanation that fits is given, with
/// what mends it.
///
/// Of the secrets it tells a fingerprint at most, and never what a right signature would have been. Its
/// answers are for the operator alone: they tell more than a sender may know.
package struct Diagnosis: Sendable {
  /// A secret that the relay knows and that this hook does not use.
  package struct KnownSecret: Sendable {
    package enum Owner: Sendable, Hashable {
      case hook(String)
      /// This hook's own, until it was replaced.
      case previous
    }

    package var owner: Owner
    package var secret: [UInt8]

    package init(_ owner: Owner, _ secret: [UInt8]) {
      self.owner = owner
      self.secret = secret
    }
  }

  let request: SignedRequest
  let configuration: VerifyConfiguration
  let known: [KnownSecret]
  let isBodyComplete: Bool
  let now: Timestamp

  /// - Parameters:
  ///   - known: the other hooks' secrets and this hook's previous ones; a few hundred at most.
  ///   - isBodyComplete: false for a kept request whose body was cut.
  ///   - now: when the request came.
  package init(
    _ request: SignedRequest, _ configuration: VerifyConfiguration, known: [KnownSecret] = [],
    isBodyComplete: Bool = true, at now: Timestamp
  ) {
    self.request = request
    self.configuration = configuration
    self.known = known
    self.isBodyComplete = isBodyComplete
    self.now = now
  }

  /// Judges the request once more and explains the refusal. Costs some dozens of verifications: not for
  /// the path of an event.
  package func explain() -> DiagnosisReport {
    let verifier: Verifier
    do {
      verifier = try Verifier(configuration)
    } catch {
      return DiagnosisReport(refusal: nil, checks: [], finding: .unusableKey(error))
    }
    do throws(Refusal) {
      _ = try verifier.verify(request, at: now)
      return DiagnosisReport(refusal: nil, checks: checks(nil, isSignatureRight: true), finding: nil)
    } catch {
      let timeless = Trial(request, configuration.withoutTolerance).verified(at: now)
      return DiagnosisReport(
        refusal: error, checks: checks(error, isSignatureRight: timeless != nil),
        finding: finding(error, timeless: timeless))
    }
  }

  private func finding(_ refusal: Refusal, timeless: Verified?) -> Finding? {
    if let signedAt = timeless?.signedAt { return .time(signedAt, now: now) }
    if refusal.code == .missingHeader, let finding = missing() { return finding }
    guard isBodyComplete else { return .cutBody }
    for hypothesis in hypotheses() where hypothesis.trial.verified(at: now) != nil {
      return hypothesis.finding
    }
    return refusal.code == .timestampOutOfTolerance ? .untimely : suspicion()
  }

  /// What is likely where nothing could be proved.
  private func suspicion() -> Finding? {
    if configuration.secrets.contains(where: APIKey.isLikely) { return .apiKey }
    if let encoding = request.headers.first("Content-Encoding"), encoding.lowercased() != "identity" {
      return .contentEncoding
    }
    if let length = request.headers.first("Content-Length"), length != String(request.body.count) {
      return .contentLength
    }
    return nil
  }

  /// The explanations in the order in which they are tried.
  private func hypotheses() -> [Hypothesis] {
    secretHypotheses() + schemeHypotheses() + bodyHypotheses() + addressHypotheses() + algorithmHypotheses()
  }
}

/// An explanation, and the verification that succeeds where it is right.
struct Hypothesis {
  let finding: Finding
  let trial: Trial
}

/// One more verification, of a request or under a configuration that differ from what is.
struct Trial {
  let request: SignedRequest
  let configuration: VerifyConfiguration

  init(_ request: SignedRequest, _ configuration: VerifyConfiguration) {
    self.request = request
    self.configuration = configuration
  }

  /// What the verification gives; nil where it fails, or the keys cannot be used so.
  func verified(at now: Timestamp) -> Verified? {
    do {
      return try Verifier(configuration).verify(request, at: now)
    } catch {
      return nil
    }
  }
}

extension VerifyConfiguration {
  /// The same without a window around the timestamp, so that a late request can be examined.
  var withoutTolerance: VerifyConfiguration {
    var changed = self
    changed.options["tolerance"] = nil
    for index in schemes.indices {
      guard var timestamp = schemes[index]["timestamp"]?.object else { continue }
      timestamp["tolerance"] = nil
      changed.schemes[index]["timestamp"] = .object(timestamp)
    }
    return changed
  }

  func with(secrets: [[UInt8]]) -> VerifyConfiguration {
    var changed = self
    changed.secrets = secrets
    return changed
  }

  /// With another value of one member of the scheme, which then serves alone.
  func with(_ member: String, _ value: JSON) -> VerifyConfiguration {
    var changed = self
    changed.schemes = schemes.prefix(1).map { scheme in
      var scheme = scheme
      scheme[member] = value
      return scheme
    }
    return changed
  }

  /// The scheme that the provider documents.
  var scheme: JSONObject { schemes.first ?? JSONObject() }
}
