internal import RelayCrypto
internal import RelayDocuments

extension Diagnosis {
  /// The signature written in another encoding.
  func schemeHypotheses() -> [Hypothesis] {
    guard let signature = configuration.scheme["signature"]?.object,
      let current = signature["encoding"]?.string
    else {
      return []
    }
    return SignatureEncoding.allCases.filter { $0.rawValue != current && $0 != .base64DER }.map { encoding in
      var signature = signature
      signature["encoding"] = .string(encoding.rawValue)
      let changed = configuration.withoutTolerance.with("signature", .object(signature))
      let finding = Finding(
        .digestEncoding, "the signature is right, but written in \(encoding.rawValue) instead of \(current)",
        fix: configuration.preset == nil
          ? "set signature.encoding: \(encoding.rawValue)"
          : "have the sender write it in \(current), or write the scheme out with encoding: \(encoding.rawValue)"
      )
      return Hypothesis(finding: finding, trial: Trial(request, changed))
    }
  }

  /// The signature made with another hash.
  func algorithmHypotheses() -> [Hypothesis] {
    guard let current = configuration.option("algorithm") ?? configuration.scheme["alg"]?.string,
      ["hmac", "hash"].contains(configuration.scheme["type"]?.string)
    else { return [] }
    return DigestAlgorithm.allCases.filter { $0.rawValue != current }.map { algorithm in
      var changed = configuration.withoutTolerance.with("alg", .string(algorithm.rawValue))
      changed.options["algorithm"] = nil
      let finding = Finding(
        .otherAlgorithm, "it is signed with \(algorithm.rawValue) instead of \(current)",
        fix: configuration.preset == nil
          ? "set alg: \(algorithm.rawValue)" : "set algorithm: \(algorithm.rawValue)")
      return Hypothesis(finding: finding, trial: Trial(request, changed))
    }
  }
}
