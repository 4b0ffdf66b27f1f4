internal import RelayDocuments
internal import RelayEngine
internal import RelayHTTP
internal import RelayModel

extension ConfigurationReader {
  func limits(_ top: MappingReader) -> Configuration.Limits {
    var limits = Configuration.Limits()
    guard let reader = top.mapping("limits") else { return limits }
    if let body = reader.size("body", in: ByteCount(1)...ByteCount.gibibytes(2)) { limits.body = body }
    if let inflight = reader.size("inflight", in: ByteCount(1)...ByteCount.gibibytes(64)) {
      limits.inflight = inflight
    }
    if let headers = reader.size("headers", in: ByteCount.kibibytes(1)...ByteCount.mebibytes(1)) {
      limits.headers = headers
    }
    if let connections = reader.int("connections", in: 1...1_000_000) { limits.connections = connections }
    if let timeout = reader.duration("request_timeout", in: .milliseconds(100) ... .seconds(3600)) {
      limits.requestTimeout = timeout
    }
    if let executions = reader.int("executions", in: 1...100_000) { limits.executions = executions }
    reader.finish()
    return limits
  }

  func storeLimit(_ top: MappingReader) -> ByteCount {
    let standard = ByteCount.gibibytes(16)
    guard let reader = top.mapping("store") else { return standard }
    defer { reader.finish() }
    return reader.size("max_size", in: ByteCount.mebibytes(16)...ByteCount.gibibytes(64 << 10)) ?? standard
  }

  func retention(_ top: MappingReader) -> Configuration.Retention {
    var retention = Configuration.Retention()
    guard let reader = top.mapping("retention") else { return retention }
    if let succeeded = reader.duration("succeeded") { retention.succeeded = succeeded }
    if let failed = reader.duration("failed") { retention.failed = failed }
    reader.finish()
    return retention
  }

  func egress(_ top: MappingReader) -> Configuration.Egress {
    var egress = Configuration.Egress()
    guard let reader = top.mapping("egress") else { return egress }
    egress.policy = AddressPolicy(allow: rules("allow", in: reader), deny: rules("deny", in: reader))
    egress.proxy = url("proxy", in: reader)
    if let concurrency = reader.int("host_concurrency", in: 1...10_000) {
      egress.hostConcurrency = concurrency
    }
    if let breaker = reader.mapping("breaker") { egress.breaker = self.breaker(breaker) }
    reader.mapping("rates")?.each { member, path in
      let host = String(decoding: member.name.utf8.map(\.asciiLowercased), as: UTF8.self)
      guard host.contains("/") || host.isEmpty else {
        egress.rates[host] = rate(member.value, path).map { RateRule(requests: $0.requests, per: $0.per) }
        return
      }
      diagnostics.error(
        "\(path) must be named by a host, or host:port, without scheme and path", at: member.value.position)
    }
    reader.finish()
    return egress
  }

  private func breaker(_ reader: MappingReader) -> Configuration.Egress.Breaker {
    var breaker = Configuration.Egress.Breaker()
    if let failures = reader.int("failures", in: 1...1_000_000) { breaker.failures = failures }
    let span = Duration.milliseconds(10) ... .seconds(86_400)
    if let probe = reader.duration("probe", in: span) { breaker.probe = probe }
    if let max = reader.duration("max", in: span) { breaker.max = max }
    if breaker.max < breaker.probe {
      reader.reject("max", "is shorter than probe (\(breaker.probe.text))")
    }
    reader.finish()
    return breaker
  }

  private func rules(_ name: String, in reader: MappingReader) -> [EgressRule] {
    reader.list(name).enumerated().compactMap { index, node in
      if let rule = node.string.flatMap({ EgressRule($0) }) { return rule }
      diagnostics.error(
        "\(reader.full(name))[\(index)] must be a host, an address, or a range such as 10.0.0.0/8",
        at: node.position)
      return nil
    }
  }
}
