internal import RelayDocuments
internal import RelayModel

extension ConfigurationReader {
  func upstream(_ top: MappingReader, _ rules: SecretRules) -> Configuration.Upstream? {
    guard let reader = top.mapping("upstream") else { return nil }
    defer { reader.finish() }
    let url = url("url", in: reader, required: true)
    let token = token(reader, rules)
    let edge = edge(reader)
    let payloads = reader.choice("payloads", of: Configuration.Upstream.Payloads.self) ?? .none
    guard let url, let token, let edge else { return nil }
    return Configuration.Upstream(url: url, token: token, edge: edge, payloads: payloads)
  }

  private func token(_ reader: MappingReader, _ rules: SecretRules) -> SecretReference? {
    guard let node = reader.node("token", required: true) else { return nil }
    guard node.elements == nil else {
      reader.reject("token", "must be one reference, not a list")
      return nil
    }
    return rules.references("token", in: reader, resolved).first
  }

  /// The edge's name stands in a URL and in CloudEvents' `source`.
  private func edge(_ reader: MappingReader) -> String? {
    guard let edge = reader.string("edge", required: true) else { return nil }
    if ResourceName.isValid(edge) { return edge }
    reader.reject("edge", "must be a name such as shop-berlin-1: [a-z0-9][a-z0-9_-]{0,63}")
    return nil
  }
}
