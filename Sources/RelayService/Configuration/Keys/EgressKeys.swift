internal import RelayDocuments

/// The keys of `egress`.
enum EgressKeys {
  private static let standard = Configuration.Egress()

  static let allow = Key(
    "allow", .list(of: EgressRuleForm()), "Hosts or ranges that may be called though they are private.")
  static let deny = Key(
    "deny", .list(of: EgressRuleForm()), "Hosts or ranges that may not; it always wins.")
  static let proxy = Key("proxy", .baseURL, "An HTTP proxy; the environment's is never read.")
  static let hostConcurrency = Setting(
    "host_concurrency", .integer(in: 1...10_000), default: standard.hostConcurrency,
    "Requests under way to one scheme, host and port.")
  static let breaker = Key("breaker", BreakerKeys.shape, "When a destination is left alone.")
  static let rates = Key(
    "rates", .members(of: RateForm()), "How many requests a host, or host:port, may get, such as 10/s.")

  static let shape = Shape([allow, deny, proxy, hostConcurrency, breaker, rates])
}

/// The keys of `egress.breaker`.
enum BreakerKeys {
  private static let standard = Configuration.Egress.Breaker()
  private static let span = Duration.milliseconds(10) ... .seconds(86_400)

  static let failures = Setting(
    "failures", .integer(in: 1...1_000_000), default: standard.failures, "After how many in a row.")
  static let probe = Setting(
    "probe", .duration(in: span), default: standard.probe, "When the first probe is made.")
  static let max = Setting(
    "max", .duration(in: span), default: standard.max, "What the pause between probes doubles up to.")

  static let shape = Shape([failures, probe, max])
}
