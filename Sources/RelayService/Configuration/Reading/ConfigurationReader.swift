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
    let top = MappingReader(document, diagnostics)
    let listen = listener("listen", in: top) ?? Listener(host: "127.0.0.1", port: 8080)
    let admin = admin(top)
    let rules = SecretRules(allowsPlain: listen.isLoopback && admin.listen.isLoopback, diagnostics)
    let configuration = Configuration(
      file: file, data: data(top), listen: listen, admin: admin,
      publicURL: url("public_url", in: top), trustedProxies: trustedProxies(top),
      workflows: path("workflows", in: top) ?? resolved("workflows"),
      integrations: path("integrations", in: top) ?? resolved("integrations"),
      vars: vars(top), limits: limits(top), storeLimit: storeLimit(top), retention: retention(top),
      egress: egress(top), drain: top.duration("drain", in: .zero ... .seconds(3600)) ?? .seconds(30),
      hooks: hooks(top, rules), upstream: upstream(top, rules), traces: traces(top, rules))
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
    let data = path("data", in: top) ?? resolved("data")
    // A socket's name ends at 107 bytes (sockaddr_un).
    if data.utf8.count > 95 {
      top.reject("data", "is too long for the socket inside it: \(data.utf8.count) bytes, 95 at most")
    }
    return data
  }

  private func trustedProxies(_ top: MappingReader) -> [CIDR] {
    top.list("trusted_proxies").enumerated().compactMap { index, node in
      if let range = node.string.flatMap({ CIDR($0) }) { return range }
      diagnostics.error(
        "trusted_proxies[\(index)] must be an address or a range such as 10.0.0.0/8", at: node.position)
      return nil
    }
  }

  private func vars(_ top: MappingReader) -> JSON {
    guard let node = top.node("vars") else { return .object(JSONObject()) }
    let reader = MappingReader(node, path: "vars", diagnostics)
    reader.each { member, path in
      if !Self.isIdentifier(member.name) {
        diagnostics.error(
          "\(path) cannot be written in an expression; use letters, digits and _", at: member.position)
      }
    }
    return node.members == nil ? .object(JSONObject()) : node.json
  }

  private static func isIdentifier(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
    return name.utf8.allSatisfy {
      (97...122).contains($0.asciiLowercased) || (48...57).contains($0) || $0 == UInt8(ascii: "_")
    }
  }
}

extension ConfigurationReader {
  /// `path` from the folder of the file.
  func resolved(_ path: String) -> String {
    let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
    return LocalFile.resolve(path, from: folder.isEmpty ? "/" : folder)
  }

  /// A path setting, absolute.
  func path(_ name: String, in reader: MappingReader, required: Bool = false) -> String? {
    guard let text = reader.string(name, required: required) else { return nil }
    guard !text.isEmpty else {
      reader.reject(name, "is empty")
      return nil
    }
    return resolved(text)
  }

  /// An http or https URL without query and fragment, and without a slash at its end.
  func url(_ name: String, in reader: MappingReader, required: Bool = false) -> String? {
    guard let text = reader.string(name, required: required) else { return nil }
    let scheme = ["https://", "http://"].first { text.hasPrefix($0) } ?? ""
    let rest = text.dropFirst(scheme.count)
    let host = rest.prefix { $0 != "/" }
    let isPlain = text.utf8.allSatisfy {
      $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
    }
    guard !scheme.isEmpty, !host.isEmpty, isPlain else {
      reader.reject(name, "must be an http or https URL without a query, such as https://hooks.example.com")
      return nil
    }
    guard !host.contains("@") else {
      reader.reject(name, "must not hold a user or a password")
      return nil
    }
    return scheme + rest.split(separator: "/").joined(separator: "/")
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
