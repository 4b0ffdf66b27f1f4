package import RelayModel

/// Where requests may go. Pure: the same question always gets the same answer.
///
/// `deny` always wins. A host written out in a workflow or the configuration may be private; one that
/// an expression produced must be public, unless `allow` names it. Link-local and cloud metadata
/// addresses are for neither, unless `allow` names the address, or the very host, that leads there.
package struct AddressPolicy: Hashable, Sendable {
  /// Opens what would be refused for being inside, or guarded.
  package var allow: [EgressRule]
  /// Closes, whatever else holds.
  package var deny: [EgressRule]

  package init(allow: [EgressRule] = [], deny: [EgressRule] = []) {
    self.allow = allow
    self.deny = deny
  }

  /// Whether `host` may be asked at all, before its name is resolved. Nil: nothing speaks against it yet.
  package func objection(to host: Destination.Host) -> TransferError? {
    guard case .name(let name) = host else { return nil }
    if deny.contains(where: { $0.names(host) }) {
      return .forbiddenAddress(host: name, address: nil, why: "`egress.deny` names it")
    }
    if Self.metadataNames.contains(name), !allow.contains(.host(name)) {
      return .forbiddenAddress(
        host: name, address: nil, why: "it is a cloud's metadata service; `egress.allow` can name it")
    }
    return nil
  }

  /// Whether `host` may be reached at `address`. Nil: it may.
  package func objection(
    to address: IPAddress, of host: Destination.Host, hostIsLiteral: Bool
  ) -> TransferError? {
    func forbidden(_ why: String) -> TransferError {
      .forbiddenAddress(host: "\(host)", address: address, why: why)
    }
    if let objection = objection(to: host) { return objection }
    let readings = AddressClass.readings(of: address)
    if deny.contains(where: { rule in readings.contains { rule.contains($0) } }) {
      return forbidden("`egress.deny` names it")
    }
    switch AddressClass(address) {
    case .open: return nil
    case .inside(let use):
      if hostIsLiteral || allow.contains(where: { $0.names(host) || $0.contains(address) }) { return nil }
      return forbidden("it is \(use), and the host came from an expression; `egress.allow` can name it")
    case .guarded(let use):
      if allow.contains(where: { $0.contains(address) }) || isNamedExactly(host) { return nil }
      return forbidden("it is \(use); `egress.allow` can name it")
    }
  }

  private func isNamedExactly(_ host: Destination.Host) -> Bool {
    guard case .name(let name) = host else { return false }
    return allow.contains(.host(name))
  }

  /// Names that lead to a metadata service; judged by name too, for where a proxy resolves them.
  private static let metadataNames: Set<String> = [
    "instance-data", "instance-data.ec2.internal", "metadata", "metadata.goog", "metadata.google.internal",
    "metadata.tencentyun.com",
  ]
}
