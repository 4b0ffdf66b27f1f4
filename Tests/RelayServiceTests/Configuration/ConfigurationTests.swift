import RelayDocuments
import RelayEngine
import RelayHTTP
import RelayIngress
import RelayModel
import Testing

@testable import RelayService

@Suite struct ConfigurationTests {
  @Test func `an empty file means the defaults`() throws {
    let configuration = try read("").configuration
    #expect(configuration.data == "/etc/petrel/data")
    #expect(configuration.listen == Listener(host: "127.0.0.1", port: 8080))
    #expect(configuration.admin.listen == Listener(host: "127.0.0.1", port: 8081))
    #expect(configuration.admin.authentication == .token)
    #expect(configuration.workflows == "/etc/petrel/workflows")
    #expect(configuration.integrations == "/etc/petrel/integrations")
    #expect(configuration.limits == Configuration.Limits())
    #expect(configuration.limits.body == .mebibytes(8))
    #expect(configuration.limits.inflight == .mebibytes(64))
    #expect(configuration.limits.headers == .kibibytes(16))
    #expect(configuration.limits.connections == 4096)
    #expect(configuration.limits.requestTimeout == .seconds(10))
    #expect(configuration.limits.executions == 256)
    #expect(configuration.storeLimit == .gibibytes(16))
    #expect(configuration.retention.succeeded == .seconds(7 * 86_400))
    #expect(configuration.retention.failed == .seconds(30 * 86_400))
    #expect(configuration.egress == Configuration.Egress())
    #expect(configuration.drain == .seconds(30))
    #expect(configuration.hooks.isEmpty)
    #expect(configuration.upstream == nil)
    #expect(configuration.traces == nil)
    #expect(configuration.vars == .object(JSONObject()))
  }

  @Test func `every key of the top is read`() throws {
    let configuration = try read(
      """
      data: /var/lib/petrel
      listen: { address: "[::1]:9000", tls: { certificate: tls/cert.pem, key: /secure/key.pem } }
      public_url: https://hooks.example.com/in/
      trusted_proxies: [10.0.0.0/8, "::1"]
      admin: { listen: localhost:9001, auth: none, hosts: [relay.internal] }
      workflows: ../flows
      integrations: ./own
      vars: { region: eu, limits: { high: 10 } }
      limits: { body: 1MiB, inflight: 32MiB, headers: 8KiB, connections: 100, request_timeout: 5s, executions: 9 }
      store: { max_size: 1GiB }
      retention: { succeeded: 1d, failed: 2d }
      drain: 5s
      """
    ).configuration
    #expect(configuration.data == "/var/lib/petrel")
    #expect(configuration.socket == "/var/lib/petrel/petrel.sock")
    #expect(configuration.keyFile == "/var/lib/petrel/key")
    let tls = Listener.TLS(certificate: "/etc/petrel/tls/cert.pem", key: "/secure/key.pem")
    #expect(configuration.listen == Listener(host: "::1", port: 9000, tls: tls))
    #expect(configuration.publicURL == "https://hooks.example.com/in")
    #expect(configuration.trustedProxies.map(\.description) == ["10.0.0.0/8", "::1/128"])
    #expect(configuration.admin.listen == Listener(host: "127.0.0.1", port: 9001))
    #expect(configuration.admin.authentication == .none)
    #expect(configuration.admin.hosts == ["relay.internal"])
    #expect(configuration.workflows == "/etc/petrel/../flows")
    #expect(configuration.integrations == "/etc/petrel/own")
    #expect(configuration.vars["limits"]?["high"]?.int == 10)
    #expect(configuration.limits.body == .mebibytes(1))
    #expect(configuration.limits.requestTimeout == .seconds(5))
    #expect(configuration.limits.executions == 9)
    #expect(configuration.storeLimit == .gibibytes(1))
    #expect(configuration.retention.failed == .seconds(2 * 86_400))
    #expect(configuration.drain == .seconds(5))
    #expect(configuration.isLoopback)
  }

  @Test func `egress and upstream are read`() throws {
    let configuration = try read(
      """
      egress:
        allow: [10.1.0.0/16, "*.Internal.example"]
        deny: [169.254.0.0/16]
        proxy: http://proxy:3128
        host_concurrency: 4
        rates: { "API.example.com": 10/s, "10.0.0.7:8080": 100/m }
        breaker: { failures: 3, probe: 2s, max: 10m }
      upstream: { url: "https://central.example.com/", token: vault:central, edge: shop-berlin-1, payloads: failed }
      """
    ).configuration
    let egress = configuration.egress
    #expect(egress.policy.allow == [EgressRule("10.1.0.0/16"), EgressRule("*.internal.example")])
    #expect(egress.policy.deny == [EgressRule("169.254.0.0/16")])
    #expect(egress.proxy == "http://proxy:3128")
    #expect(egress.hostConcurrency == 4)
    #expect(egress.rates["api.example.com"] == RateRule(requests: 10, per: .seconds(1)))
    #expect(egress.rates["10.0.0.7:8080"] == RateRule(requests: 100, per: .seconds(60)))
    #expect(egress.breaker == .init(failures: 3, probe: .seconds(2), max: .seconds(600)))
    let upstream = try #require(configuration.upstream)
    #expect(upstream.url == "https://central.example.com")
    #expect(upstream.token == .vault("central"))
    #expect(upstream.edge == "shop-berlin-1")
    #expect(upstream.payloads == .failed)
  }

  @Test func `hooks are read in their order`() throws {
    let hooks = try read(
      """
      hooks:
        github: { verify: { provider: github, secret: env:GITHUB_WEBHOOK_SECRET }, body: 25MiB }
        legacy:
          verify: { type: hmac, secret: [vault:legacy, "file:keys/old"], short_secret: true }
          dedupe: { key: event.body.id, window: 24h }
          rate_limit: 100/m
          answer: { status: 200, body: ok, content_type: text/plain }
          url: https://other.example.com/x
        slash: { verify: { provider: slack, secret: file:/run/secrets/slack }, respond: { timeout: 2500ms } }
        open: { verify: none, enabled: false }
      """
    ).configuration.hooks
    #expect(hooks.map(\.name) == ["github", "legacy", "slash", "open"])
    #expect(hooks[0].verification.secrets == [.environment("GITHUB_WEBHOOK_SECRET")])
    #expect(hooks[0].verification.document?["provider"]?.string == "github")
    #expect(hooks[0].body == .mebibytes(25))
    #expect(hooks[0].dedupe == Hook.Dedupe())
    #expect(hooks[0].dedupe.window == .seconds(72 * 3600))
    #expect(hooks[0].answer.status == 202)
    #expect(hooks[1].verification.secrets == [.vault("legacy"), .file("/etc/petrel/keys/old")])
    #expect(hooks[1].verification.allowsShortSecret)
    #expect(hooks[1].dedupe == Hook.Dedupe(key: "event.body.id", window: .seconds(86_400)))
    #expect(hooks[1].rateLimit == RateLimiter.Limit(requests: 100, per: .seconds(60)))
    #expect(hooks[1].answer == Hook.Answer(status: 200, body: "ok", contentType: "text/plain"))
    #expect(hooks[1].url == "https://other.example.com/x")
    #expect(hooks[2].respondTimeout == .milliseconds(2500))
    #expect(hooks[3].verification.document == nil)
    #expect(!hooks[3].enabled)
  }

  @Test func `a file that is not there is unreadable`() {
    do throws(ConfigurationError) {
      _ = try Configuration.load("/nonexistent/petrel.yaml", environment: [:])
      Issue.record("a missing file was read")
    } catch {
      #expect("\(error)" == "/nonexistent/petrel.yaml: No such file or directory")
    }
  }
}
