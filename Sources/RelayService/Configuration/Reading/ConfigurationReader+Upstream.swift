internal import RelayDocuments
internal import RelayModel

extension ConfigurationReader {
  func upstream(_ top: MappingReader, _ rules: SecretRules) -> Configuration.Upstream? {
    guard let reader = top.read(ConfigurationKeys.upstream) else { return nil }
    defer { reader.finish() }
    let url = reader.read(UpstreamKeys.url)
    let token = token(reader, rules)
    let edge = reader.read(UpstreamKeys.edge)
    let payloads = reader.read(UpstreamKeys.payloads)
    guard let url, let token, let edge else { return nil }
    return Configuration.Upstream(url: url, token: token, edge: edge, payloads: payloads)
  }

  private func token(_ reader: MappingReader, _ rules: SecretRules) -> SecretReference? {
    guard let written = reader.read(UpstreamKeys.token) else { return nil }
    guard written.node.elements == nil else {
      reader.reject(UpstreamKeys.token, "must be one reference, not a list")
      return nil
    }
    return rules.references(written, resolved).first
  }
}
