internal import RelayDocuments
internal import RelayModel

extension ConfigurationReader {
  /// `address:port`, or a mapping of `address` and `tls`.
  func listener(_ written: EitherForm<AddressForm, Shape>.Value) -> Listener? {
    switch written {
    case .short(let listener): return listener
    case .long(let reader):
      let address = reader.read(ListenerKeys.address)
      // Read without an address too: all mistakes are told at once.
      let tls = reader.read(ListenerKeys.tls).flatMap(tls)
      reader.finish()
      guard var listener = address else { return nil }
      listener.tls = tls
      return listener
    }
  }

  private func tls(_ reader: MappingReader) -> Listener.TLS? {
    let certificate = reader.read(TLSKeys.certificate)
    let key = reader.read(TLSKeys.key)
    reader.finish()
    guard let certificate, let key else { return nil }
    return Listener.TLS(certificate: resolved(certificate), key: resolved(key))
  }

  func admin(_ top: MappingReader) -> Configuration.AdminInterface {
    var admin = Configuration.AdminInterface(
      listen: Listener(host: "127.0.0.1", port: 8081), authentication: .token, hosts: [])
    guard let reader = top.read(ConfigurationKeys.admin) else { return admin }
    if let listen = reader.read(AdminKeys.listen).flatMap(listener) { admin.listen = listen }
    admin.authentication = reader.read(AdminKeys.authentication)
    admin.hosts = reader.read(AdminKeys.hosts) ?? []
    reader.finish()
    return admin
  }
}
