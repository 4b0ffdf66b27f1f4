internal import RelayDocuments
internal import RelayModel

extension ConfigurationReader {
  /// `address:port`, or a mapping of `address` and `tls`.
  func listener(_ name: String, in reader: MappingReader) -> Listener? {
    guard let node = reader.node(name) else { return nil }
    guard node.members != nil else { return address(node, path: reader.full(name)) }
    let long = MappingReader(node, path: reader.full(name), diagnostics)
    defer { long.finish() }
    let tls = tls(long)
    guard let written = long.node("address", required: true) else { return nil }
    var listener = address(written, path: long.full("address"))
    listener?.tls = tls
    return listener
  }

  private func address(_ node: DocumentNode, path: String) -> Listener? {
    if let listener = node.string.flatMap({ Listener($0) }) { return listener }
    let bare = node.string?.drop { $0 == "*" }
    let isEverywhere = bare?.first == ":" && bare.flatMap { UInt16($0.dropFirst()) } != nil
    diagnostics.error(
      isEverywhere
        ? "\(path) names no address; write 0.0.0.0 or [::] before the port for all of them"
        : "\(path) must be an address and a port such as 127.0.0.1:8080 or [::1]:8080", at: node.position)
    return nil
  }

  private func tls(_ reader: MappingReader) -> Listener.TLS? {
    guard let tls = reader.mapping("tls") else { return nil }
    defer { tls.finish() }
    let certificate = path("certificate", in: tls, required: true)
    let key = path("key", in: tls, required: true)
    guard let certificate, let key else { return nil }
    return Listener.TLS(certificate: certificate, key: key)
  }

  func admin(_ top: MappingReader) -> Configuration.AdminInterface {
    var admin = Configuration.AdminInterface(
      listen: Listener(host: "127.0.0.1", port: 8081), authentication: .token, hosts: [])
    guard let reader = top.mapping("admin") else { return admin }
    if let listen = listener("listen", in: reader) { admin.listen = listen }
    if let authentication = reader.choice("auth", of: Configuration.AdminInterface.Authentication.self) {
      admin.authentication = authentication
    }
    admin.hosts = reader.strings("hosts")
    reader.finish()
    return admin
  }
}
