internal import RelayDocuments
internal import RelayEngine
internal import RelayHTTP
internal import RelayModel

extension ConfigurationReader {
  func limits(_ top: MappingReader) -> Configuration.Limits {
    guard let reader = top.read(ConfigurationKeys.limits) else { return Configuration.Limits() }
    defer { reader.finish() }
    return Configuration.Limits(
      body: reader.read(LimitKeys.body), inflight: reader.read(LimitKeys.inflight),
      headers: reader.read(LimitKeys.headers), connections: reader.read(LimitKeys.connections),
      requestTimeout: reader.read(LimitKeys.requestTimeout), executions: reader.read(LimitKeys.executions))
  }

  func storeLimit(_ top: MappingReader) -> ByteCount {
    guard let reader = top.read(ConfigurationKeys.store) else { return StoreKeys.maxSize.standard }
    defer { reader.finish() }
    return reader.read(StoreKeys.maxSize)
  }

  func retention(_ top: MappingReader) -> Configuration.Retention {
    guard let reader = top.read(ConfigurationKeys.retention) else { return Configuration.Retention() }
    defer { reader.finish() }
    return Configuration.Retention(
      succeeded: reader.read(RetentionKeys.succeeded), failed: reader.read(RetentionKeys.failed))
  }

  func egress(_ top: MappingReader) -> Configuration.Egress {
    var egress = Configuration.Egress()
    guard let reader = top.read(ConfigurationKeys.egress) else { return egress }
    egress.policy = AddressPolicy(
      allow: reader.read(EgressKeys.allow) ?? [], deny: reader.read(EgressKeys.deny) ?? [])
    egress.proxy = reader.read(EgressKeys.proxy)
    egress.hostConcurrency = reader.read(EgressKeys.hostConcurrency)
    if let breaker = reader.read(EgressKeys.breaker) { egress.breaker = self.breaker(breaker) }
    egress.rates = rates(reader)
    reader.finish()
    return egress
  }

  private func rates(_ reader: MappingReader) -> [String: RateRule] {
    var rates: [String: RateRule] = [:]
    for rate in reader.read(EgressKeys.rates) ?? [] {
      let host = String(decoding: rate.name.utf8.map(\.asciiLowercased), as: UTF8.self)
      if host.contains("/") || host.isEmpty {
        rate.written.reject("must be named by a host, or host:port, without scheme and path")
      } else {
        rates[host] = RateRule(requests: rate.value.requests, per: rate.value.per)
      }
    }
    return rates
  }

  private func breaker(_ reader: MappingReader) -> Configuration.Egress.Breaker {
    let breaker = Configuration.Egress.Breaker(
      failures: reader.read(BreakerKeys.failures), probe: reader.read(BreakerKeys.probe),
      max: reader.read(BreakerKeys.max))
    if breaker.max < breaker.probe {
      reader.reject(BreakerKeys.max, "is shorter than probe (\(breaker.probe.text))")
    }
    reader.finish()
    return breaker
  }
}
