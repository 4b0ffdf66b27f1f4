internal import RelayModel

extension Diagnosis {
  /// The URL as the sender may have written it, for schemes that sign it.
  func addressHypotheses() -> [Hypothesis] {
    addresses().map { address in
      var changed = request
      changed.base = .url(address)
      changed.target = ""
      // Without the query, which may hold what is nobody's business.
      let shown = RequestURL(address).withoutQuery
      let finding = Finding(
        .address, "the sender signed another URL than the one it is taken to call: \(shown)",
        fix: "set public_url, or the hook's own url, to what is registered with the provider")
      return Hypothesis(finding: finding, trial: Trial(changed, configuration.withoutTolerance))
    }
  }

  private func addresses() -> [String] {
    let called = request.url
    let url = RequestURL(called)
    guard !url.scheme.isEmpty else { return [] }
    var addresses: [String] = []
    for authority in [url.authority] + proxied(url) {
      for scheme in ["https", "http"] {
        let same = RequestURL("\(scheme)://\(authority)\(url.target)")
        addresses += [same.text, same.withoutPort, same.withPort, same.withoutQuery]
        let slash = same.path.hasSuffix("/") ? String(same.path.dropLast()) : same.path + "/"
        addresses.append("\(scheme)://\(authority)\(slash)" + (same.query.isEmpty ? "" : "?\(same.query)"))
      }
    }
    var seen: Set = [called]
    return addresses.filter { seen.insert($0).inserted }
  }

  /// What the request itself says that it called.
  private func proxied(_ url: RequestURL) -> [String] {
    ["X-Forwarded-Host", "X-Original-Host", "Host"].compactMap { request.headers.first($0) }
      .filter { host in
        host != url.authority && (1...255).contains(host.utf8.count)
          && host.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?")
          }
      }
  }
}

extension RequestURL {
  fileprivate var text: String { "\(scheme)://\(authority)\(path)" + (query.isEmpty ? "" : "?\(query)") }
}
