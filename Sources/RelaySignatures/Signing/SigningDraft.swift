internal import RelayModel

/// A request on its way to being signed: what the message covers is put in first.
struct SigningDraft {
  /// The request with the headers that were added.
  private(set) var request: SignedRequest
  /// What was added.
  private(set) var headers: [Signer.Header] = []
  /// The timestamp as it is written.
  let timestamp: String
  /// The fields beside the signature.
  private(set) var fields: [SignatureReading.Field] = []

  init(
    _ request: SignedRequest, _ rule: MessageRule, _ template: SigningTemplate, at now: Timestamp, id: String
  ) {
    self.request = request
    timestamp = rule.timestamp?.unit.text(now) ?? ""
    addTimestamp(rule.timestamp)
    for name in template.headers where self.request.headers.first(name) == nil { add(name, id) }
    // What a provider says of itself beside a signature: any text will do.
    for name in template.fields { addField(name, "production") }
    for list in template.headerLists where request.headers.first(list) == nil {
      add(list, ([list] + headers.map { $0.name.lowercased() }).joined(separator: ","))
    }
    addAlgorithm(rule)
  }

  /// Adds a header in place of those of the same name.
  mutating func add(_ name: String, _ value: String) {
    var others = HeaderFields()
    for field in request.headers.all where field.name.lowercased() != name.lowercased() {
      others.append(field.name, field.value)
    }
    others.append(name, value)
    request.headers = others
    headers.append((name, value))
  }

  private mutating func addTimestamp(_ rule: TimestampRule?) {
    switch rule?.source {
    case .header(let name): add(name, timestamp)
    case .signature(let name): addField(name, timestamp)
    default: if case .header(let name) = rule?.fallback { add(name, timestamp) }
    }
  }

  private mutating func addField(_ name: String, _ value: String) {
    fields.append(.init(name: [UInt8](name)[...], value: [UInt8](value)[...], group: 0))
  }

  private mutating func addAlgorithm(_ rule: MessageRule) {
    guard let (name, algorithms) = rule.signature.algorithmHeader, case .hmac(let own) = rule.algorithm,
      let text = algorithms.first(where: { $0.value == own })?.key
    else { return }
    add(name, text)
  }
}
