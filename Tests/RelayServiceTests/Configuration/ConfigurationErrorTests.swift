import Testing

@testable import RelayService

/// What a mistake in the configuration is answered with, to the letter.
struct Mistake: Sendable, CustomTestStringConvertible {
  let yaml: String
  let messages: [String]

  init(_ yaml: String, _ messages: String...) {
    self.yaml = yaml
    self.messages = messages.map { "petrel.yaml:\($0)" }
  }

  var testDescription: String { yaml }

  static let top: [Mistake] = [
    Mistake("dta: ./data", "1:1: unknown key \"dta\"; did you mean \"data\"?"),
    Mistake("data: ''", "1:7: data is empty"),
    Mistake("data: [a]", "1:7: data must be a string, not a list"),
    Mistake(
      "data: /\(String(repeating: "d", count: 100))",
      "1:7: data is too long for the socket inside it: 101 bytes, 95 at most"),
    Mistake("[a]", "1:1: the file must be a mapping, not a list"),
    Mistake(
      "public_url: hooks.example.com",
      "1:13: public_url must be an http or https URL without a query, such as https://hooks.example.com"),
    Mistake(
      "public_url: https://a/?q",
      "1:13: public_url must be an http or https URL without a query, such as https://hooks.example.com"),
    Mistake("public_url: https://u:p@a", "1:13: public_url must not hold a user or a password"),
    Mistake(
      "trusted_proxies: [10.0.0.0/8, proxy]",
      "1:31: trusted_proxies[1] must be an address or a range such as 10.0.0.0/8"),
    Mistake(
      "vars: { a-b: 1 }", "1:9: vars.a-b cannot be written in an expression; use letters, digits and _"),
    Mistake("vars: 1", "1:7: vars must be a mapping, not a number"),
    Mistake("drain: 30", "1:8: drain must be a duration such as 30s (ms, s, m, h, d), not 30"),
    Mistake("drain: 2h", "1:8: drain must lie between 0ms and 1h"),
  ]

  static let listeners: [Mistake] = [
    Mistake("listen: 8080", "1:9: listen must be an address and a port such as 127.0.0.1:8080 or [::1]:8080"),
    Mistake(
      "listen: :8080",
      "1:9: listen names no address; write 0.0.0.0 or [::] before the port for all of them"),
    Mistake(
      "listen: ::1:8080", "1:9: listen must be an address and a port such as 127.0.0.1:8080 or [::1]:8080"),
    Mistake(
      "listen: { address: example.com:1, tls: { certificate: a } }",
      "1:20: listen.address must be an address and a port such as 127.0.0.1:8080 or [::1]:8080",
      "1:40: listen.tls.key is missing"),
    Mistake(
      "listen: { adress: 127.0.0.1:1 }", "1:9: listen.address is missing",
      "1:11: unknown key \"adress\" in listen; did you mean \"address\"?"),
    Mistake(
      "admin: { auth: tokens }", "1:16: admin.auth must be one of token, none; did you mean \"token\"?"),
    Mistake(
      "listen: 0.0.0.0:8080\nadmin: { auth: none }",
      "2:16: admin.auth: none is refused while a listener is not loopback; write token, or listen on 127.0.0.1"
    ),
    Mistake(
      "admin: { listen: 10.0.0.1:8081, auth: none }",
      "1:39: admin.auth: none is refused while a listener is not loopback; write token, or listen on 127.0.0.1"
    ),
    Mistake(
      "admin: { listen: 127.0.0.1:8080 }",
      "1:18: admin.listen and listen are the same address, 127.0.0.1:8080"),
  ]

  static let bounds: [Mistake] = [
    Mistake(
      "limits: { body: 8MB }",
      "1:17: limits.body must be a size such as 8MiB (B, KiB, MiB, GiB), not a string"),
    Mistake("limits: { body: 0B }", "1:17: limits.body must lie between 1B and 2GiB"),
    Mistake(
      "limits: { body: 65MiB }",
      "1:9: limits.inflight (64MiB) is less than the largest body (65MiB); raise it"),
    Mistake(
      "limits: { connections: 0 }",
      "1:24: limits.connections must be a whole number from 1 to 1000000, not 0"),
    Mistake("limits: { request_timeout: 1ms }", "1:28: limits.request_timeout must lie between 100ms and 1h"),
    Mistake("store: { max_size: 1MiB }", "1:20: store.max_size must lie between 16MiB and 65536GiB"),
    Mistake("store: { size: 1GiB }", "1:10: unknown key \"size\" in store"),
    Mistake(
      "retention: { succeded: 1d }",
      "1:14: unknown key \"succeded\" in retention; did you mean \"succeeded\"?"),
    Mistake(
      "egress: { allow: [2130706433, 10.0.0.0/8] }",
      "1:19: egress.allow[0] must be a host, an address, or a range such as 10.0.0.0/8"),
    Mistake(
      "egress: { deny: [127.1] }",
      "1:18: egress.deny[0] must be a host, an address, or a range such as 10.0.0.0/8"),
    Mistake(
      "egress: { breaker: { probe: 2m, max: 1m } }",
      "1:38: egress.breaker.max is shorter than probe (2m)"),
  ]

  static let hooks: [Mistake] = [
    Mistake(
      "hooks: { Git: { verify: none } }",
      "1:10: hooks.Git is no name of a hook; names are [a-z0-9][a-z0-9_-]{0,63}"),
    Mistake(
      "hooks: { a: {} }", "1:13: hooks.a.verify is missing; write `verify: none` to accept every request"),
    Mistake(
      "hooks: { a: { verify: ~ } }",
      "1:13: hooks.a.verify is missing; write `verify: none` to accept every request"),
    Mistake(
      "hooks: { a: { verify: github } }",
      "1:23: hooks.a.verify must be a mapping such as {provider: github, secret: env:NAME}, or none"),
    Mistake(
      "egress: { rates: { a.example: fast } }",
      "1:31: egress.rates.a.example must be a number and a unit such as 100/s (units s, m, h)"),
    Mistake(
      "egress: { rates: { \"https://a.example\": 1/s } }",
      "1:41: egress.rates.https://a.example must be named by a host, or host:port, without scheme and path"),
    Mistake(
      "hooks: { a: { verify: none, rate_limit: 100/d } }",
      "1:41: hooks.a.rate_limit must be a number and a unit such as 100/s (units s, m, h)"),
    Mistake(
      "hooks: { a: { verify: none, answer: { status: 302 } } }",
      "1:47: hooks.a.answer.status must be a whole number from 200 to 299, not 302"),
    Mistake(
      "hooks: { a: { verify: none, dedup: { window: 1h } } }",
      "1:29: unknown key \"dedup\" in hooks.a; did you mean \"dedupe\"?"),
    Mistake(
      "hooks: { a: { verify: none, respond: { timeout: 2h } } }",
      "1:49: hooks.a.respond.timeout must lie between 100ms and 1m"),
  ]

  static let secrets: [Mistake] = [
    Mistake(
      "hooks: { a: { verify: { secret: hunter2 } } }",
      "1:33: hooks.a.verify.secret must be one of env:NAME, file:PATH, vault:NAME or plain:TEXT"),
    Mistake("hooks: { a: { verify: { secret: '' } } }", "1:33: hooks.a.verify.secret is empty"),
    Mistake("hooks: { a: { verify: { secret: 'plain:' } } }", "1:33: hooks.a.verify.secret is empty"),
    Mistake("hooks: { a: { verify: { secret: [] } } }", "1:33: hooks.a.verify.secret is an empty list"),
    Mistake(
      "hooks: { a: { verify: { secret: vaul:x } } }",
      "1:33: hooks.a.verify.secret must be one of env:NAME, file:PATH, vault:NAME or plain:TEXT; did you mean vault:…?"
    ),
    Mistake(
      "hooks: { a: { verify: { secret: [env:A, 'vault:B C'] } } }",
      "1:41: hooks.a.verify.secret[1] names no vault entry; names are [a-z0-9][a-z0-9_-]{0,63}"),
    Mistake(
      "listen: 0.0.0.0:1\nhooks: { a: { verify: { secret: plain:hunter2hunter2hunter2 } } }",
      "2:33: hooks.a.verify.secret: plain secrets are for loopback only, and a listener is not; use env:, file: or vault:"
    ),
    Mistake(
      "admin: { listen: 10.0.0.1:1 }\nupstream: { url: https://c, token: plain:x, edge: e }",
      "2:36: upstream.token: plain secrets are for loopback only, and a listener is not; use env:, file: or vault:"
    ),
  ]

  static let traces: [Mistake] = [
    Mistake("traces: {}", "1:9: traces.url is missing"),
    Mistake(
      "traces: { url: 'http://c', ratio: 2, service: '', headers: { 'X Key': env:A, X-Key: abc } }",
      "1:35: traces.ratio must be a number from 0.0 to 1.0, not 2",
      "1:47: traces.service is empty",
      "1:71: traces.headers.X Key is no name of a header field",
      "1:85: traces.headers.X-Key must be one of env:NAME, file:PATH, vault:NAME or plain:TEXT"),
  ]

  static let upstream: [Mistake] = [
    Mistake(
      "upstream: {}", "1:11: upstream.url is missing", "1:11: upstream.token is missing",
      "1:11: upstream.edge is missing"),
    Mistake(
      "upstream: { url: https://c, token: [env:A], edge: Shop 1 }",
      "1:36: upstream.token must be one reference, not a list",
      "1:51: upstream.edge must be a name such as shop-berlin-1: [a-z0-9][a-z0-9_-]{0,63}"),
    Mistake(
      "upstream: { url: https://c, token: env:A, edge: e, payloads: faild }",
      "1:62: upstream.payloads must be one of none, failed, all; did you mean \"failed\"?"),
  ]
}

@Suite struct ConfigurationErrorTests {
  @Test(arguments: Mistake.top + Mistake.listeners + Mistake.bounds)
  func `a mistake in a setting is told with its place`(mistake: Mistake) {
    #expect(complaints(mistake.yaml) == mistake.messages)
  }

  @Test(arguments: Mistake.hooks + Mistake.secrets + Mistake.traces + Mistake.upstream)
  func `a mistake in a hook or the upstream is told with its place`(mistake: Mistake) {
    #expect(complaints(mistake.yaml) == mistake.messages)
  }

  @Test func `all mistakes are told at once in the order of the file`() {
    let found = complaints(
      """
      lisen: 1
      drain: soon
      hooks:
        A: { verify: none }
        b: { verify: { secret: x } }
      limits: { body: 0B }
      """)
    #expect(
      found.map { $0.prefix { $0 != " " } } == [
        "petrel.yaml:1:1:", "petrel.yaml:2:8:", "petrel.yaml:4:3:", "petrel.yaml:5:26:", "petrel.yaml:6:17:",
      ])
  }

  @Test func `a file that is no YAML is refused at its place`() {
    let found = complaints("data: [a\nb: }")
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("petrel.yaml:2:") == true)
  }

  @Test func `no message repeats a secret that was written without its form`() {
    for mistake in Mistake.secrets {
      #expect(complaints(mistake.yaml).allSatisfy { !$0.contains("hunter2") })
    }
  }
}
