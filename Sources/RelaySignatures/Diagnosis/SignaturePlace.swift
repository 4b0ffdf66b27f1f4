internal import RelayDocuments
internal import RelayModel

/// Which headers a scheme reads.
struct SignaturePlace {
  /// The headers that a request must have; empty where the signature is elsewhere.
  let headers: [String]
  /// Whether an instant is signed.
  let hasTimestamp: Bool

  init(_ configuration: VerifyConfiguration) {
    let signature = configuration.scheme["signature"]
    let timestamp = configuration.scheme["timestamp"]
    var headers: [String] = []
    if signature?["from"]?.string == "header",
      let name = configuration.option("header") ?? signature?["name"]?.string
    {
      headers.append(name)
    }
    if timestamp?["from"]?.string == "header",
      let name = configuration.option("timestamp_header") ?? timestamp?["name"]?.string
    {
      headers.append(name)
    }
    self.headers = headers
    hasTimestamp = timestamp?.object != nil
  }

  /// What a check that did not fail looked at.
  func evidence(_ check: DiagnosisReport.Check.Name, in request: SignedRequest) -> String {
    let names = headers.joined(separator: ", ")
    switch check {
    case .headerPresent where headers.isEmpty: return "the signature is in no header"
    case .headerPresent: return names
    case .timestamp where !hasTimestamp: return "the scheme signs none"
    default: return headers.isEmpty ? "" : "of \(names)"
    }
  }

  /// The first header that is not there.
  func missing(in request: SignedRequest) -> String? {
    headers.first { request.headers.firstBytes($0) == nil }
  }
}

extension Diagnosis {
  var place: SignaturePlace { SignaturePlace(configuration) }

  /// What a missing header may mean.
  func missing() -> Finding? {
    guard let wanted = place.missing(in: request) else { return nil }
    let sent = request.headers.all.map(\.name)
    if let name = nearest(to: wanted.lowercased(), among: sent.map { $0.lowercased() }) {
      return Finding(
        .headerRenamed, isProved: false, "\(wanted) did not come; the nearest that came is \(name)",
        fix: "give verify the header that is sent (header: \(name)), or let no proxy rename it")
    }
    if let (preset, name) = presetOf(sent) {
      return Finding(
        .otherProvider, isProved: false,
        "\(wanted) did not come, but \(name) did, with which \(preset.name) signs",
        fix: "if \(preset.name) sends to this hook, set provider: \(preset.id)")
    }
    let signed = sent.filter { $0.lowercased().contains("sign") }
    return Finding(
      .headerDropped, isProved: false,
      "\(wanted) did not come" + (signed.isEmpty ? ", nor any header that looks like a signature" : ""),
      fix: "check that the webhook has a secret at the provider, and that no proxy drops the header")
  }

  /// Another provider whose signature header came. One name is many providers' own; the first preset that
  /// reads it is as good a guess as any, and is called a guess.
  private func presetOf(_ sent: [String]) -> (Preset, String)? {
    let presets: [Preset]
    do {
      presets = try PresetCatalog.all()
    } catch {
      return nil
    }
    let generic: Set = [
      "authorization", "x-signature", "x-webhook-signature", "x-hub-signature", "signature",
    ]
    for name in sent where !generic.contains(name.lowercased()) {
      let preset = presets.first { preset in
        preset.verify.contains { scheme in
          let signature = scheme["signature"]
          return signature?["from"]?.string == "header"
            && signature?["name"]?.string?.lowercased() == name.lowercased()
        }
      }
      if let preset { return (preset, name) }
    }
    return nil
  }
}
