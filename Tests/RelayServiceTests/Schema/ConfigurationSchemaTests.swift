import RelayDocuments
import Testing

@testable import RelayService

@Suite struct ConfigurationSchemaTests {
  /// Configurations that have every key together.
  private static let complete: [JSON] = {
    do {
      return try texts.map { try DocumentNode.parse(yaml: Array($0.utf8), file: "p.yaml").json }
    } catch {
      return []
    }
  }()

  private static let texts = [
    """
    data: ./d
    listen: { address: 127.0.0.1:8080, tls: { certificate: c.pem, key: k.pem } }
    public_url: https://hooks.example.com/in
    trusted_proxies: [10.0.0.0/8, "::1"]
    admin: { listen: 127.0.0.1:8081, auth: token, hosts: [relay.example.com] }
    workflows: ./w
    integrations: ./i
    vars: { region: eu, caps: { high: 1 } }
    limits: { body: 8MiB, inflight: 64MiB, headers: 16KiB, connections: 9, request_timeout: 9s, executions: 9 }
    store: { max_size: 1GiB }
    retention: { succeeded: 1d, failed: 2d }
    egress:
      allow: [10.0.0.1, intern.example]
      deny: [192.0.2.0/24]
      proxy: http://proxy.example:3128
      host_concurrency: 9
      breaker: { failures: 3, probe: 2s, max: 3m }
      rates: { api.example.com: 10/s }
    drain: 3s
    traces: { url: "http://c.example:4318/v1/traces", headers: { X-Key: env:A }, ratio: 0.5, service: relay }
    upstream: { url: https://central.example.com, token: vault:central, edge: shop-1, payloads: failed }
    """,
    """
    listen: 127.0.0.1:8080
    admin: { listen: { address: 127.0.0.1:8081 } }
    hooks:
      open: { verify: none, enabled: false, url: https://a.example/x, rate_limit: 100/m }
      signed:
        verify: { provider: github, secret: [env:A, env:B], short_secret: true }
        short_secret: true
        body: 1MiB
        dedupe: { key: event.body.id, window: 1h }
        answer: { status: 200, body: ok, content_type: text/plain }
        respond: { timeout: 2s }
      met: { verify: { provider: meta, secret: plain:x, verify_token: env:C } }
    """,
  ]

  private let agreement = SchemaAgreement(validator: SchemaValidator(schema: Configuration.schema)) {
    document in
    complaints(document.text).map { complaint in
      // Without the place.
      complaint.split(separator: ":", maxSplits: 3).last.map { String($0.dropFirst()) } ?? complaint
    }
  }

  @Test func `the configurations have every key of the schema`() {
    #expect(SchemaAgreement.unwritten(in: Self.complete, of: Configuration.schema) == [])
  }

  @Test(arguments: complete)
  func `reader and schema refuse the same configurations`(document: JSON) {
    agreement.expect(around: document)
  }

  @Test func `what the environment may override is what the schema takes as one word`() {
    let settings = Overrides.settings.map { $0.joined(separator: ".") }
    for path in [
      "data", "listen", "listen.address", "listen.tls.key", "admin.auth", "limits.body", "egress.breaker.max",
      "upstream.token", "upstream.payloads",
    ] {
      #expect(settings.contains(path))
    }
    for path in ["hooks", "vars", "trusted_proxies", "egress.rates", "admin", "listen.tls"] {
      #expect(!settings.contains(path))
    }
    #expect(settings.count == 35)
  }
}
