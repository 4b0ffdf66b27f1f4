internal import RelayDocuments
internal import RelayModel

/// Turns the document into what it means. Everything wrong is reported; defaults stand in, so that one
/// mistake does not hide the next.
struct ConfigurationReader {
  let file: String
  let diagnostics: Diagnostics

  init(file: String, _ diagnostics: Diagnostics) {
    self.file = file
    self.diagnostics = diagnostics
  }

  func configuration(_ document: DocumentNode) -> Configuration {
    let top = MappingReader(document, of: ConfigurationKeys.shape, diagnostics)
    let listen =
      top.read(ConfigurationKeys.listen).flatMap(listener) ?? Listener(host: "127.0.0.1", port: 8080)
    let admin = admin(top)
    let rules = SecretRules(allowsPlain: listen.isLoopback && admin.listen.isLoopback, diagnostics)
    let configuration = Configuration(
      file: file, data: data(top), listen: listen, admin: admin,
      publicURL: top.read(ConfigurationKeys.publicURL),
      trustedProxies: top.read(ConfigurationKeys.trustedProxies) ?? [],
      workflows: resolved(top.read(ConfigurationKeys.workflows)),
      integrations: resolved(top.read(ConfigurationKeys.integrations)),
      vars: vars(top), limits: limits(top), storeLimit: storeLimit(top), retention: retention(top),
      egress: egress(top), drain: top.read(ConfigurationKeys.drain), hooks: hooks(top, rules),
      upstream: upstream(top, rules), traces: traces(top, rules))
    top.finish()
    check(configuration, document)
    return configuration
  }

  /// The rules between settings.
  private func check(_ configuration: Configuration, _ document: DocumentNode) {
    if configuration.admin.authentication == .none, !configuration.isLoopback {
      diagnostics.error(
        "admin.auth: none is refused while a listener is not loopback; write token, or listen on 127.0.0.1",
        at: document.place(of: "admin", "auth"))
    }
    let limits = configuration.limits
    let largest = configuration.hooks.compactMap(\.body).reduce(limits.body, max)
    if largest > limits.inflight {
      diagnostics.error(
        "limits.inflight (\(limits.inflight.text)) is less than the largest body (\(largest.text)); raise it",
        at: document.place(of: "limits", "inflight"))
    }
    let (listen, admin) = (configuration.listen, configuration.admin.listen)
    if listen.port != 0, listen.host == admin.host, listen.port == admin.port {
      diagnostics.error(
        "admin.listen and listen are the same address, \(listen.address)",
        at: document.place(of: "admin", "listen"))
    }
  }

  private func data(_ top: MappingReader) -> String {
    let data = resolved(top.read(ConfigurationKeys.data))
    // A socket's name ends at 107 bytes (sockaddr_un).
    if data.utf8.count > 95 {
      top.reject(
        ConfigurationKeys.data, "is too long for the socket inside it: \(data.utf8.count) bytes, 95 at most")
    }
    return data
  }

  private func vars(_ top: MappingReader) -> JSON {
    let vars = top.read(ConfigurationKeys.vars) ?? []
    let form = ConfigurationKeys.identifier
    for variable in vars where !form.accepts(variable.name) {
      diagnostics.error("\(variable.written.path) \(form.complaint)", at: variable.position)
    }
    return .object(JSONObject(vars.map { (name: $0.name, value: $0.written.node.json) }))
  }
}

extension ConfigurationReader {
  /// `path` from the folder of the file.
  func resolved(_ path: String) -> String {
    let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
    return LocalFile.resolve(path, from: folder.isEmpty ? "/" : folder)
  }
}

extension DocumentNode {
  /// Where the nearest value on the way to `path` stands.
  func place(of path: String...) -> DocumentPosition {
    var node = self
    for name in path {
      guard let next = node[name] else { break }
      node = next
    }
    return node.position
  }
}
