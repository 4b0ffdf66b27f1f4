import RelayModel
import Testing

@testable import RelayHTTP

/// TLS: who is believed, and that nothing is sent to others.
@Suite(.timeLimit(.minutes(1))) struct ClientTLSTests {
  private static let names = FixedNames(["a.example": ["127.0.0.1"], "b.example": ["127.0.0.1"]])

  private func port(of bed: ServerBed) throws -> UInt16 {
    guard case .tcp(_, let port) = bed.address else { throw Unexpected.answer }
    return port
  }

  @Test func `a server with a certificate that is believed is answered over TLS`() throws {
    try TestIdentity.withCertificateFile { path in
      let bed = try ServerBed(tls: TestIdentity.identity)
      let client = try makeClient(names: Self.names) { $0.certificateAuthorities = path }
      defer { client.stop() }
      let url = "https://a.example:\(try port(of: bed))/x"
      let first = try client.perform(post(url, "hello")).get()
      #expect(String(decoding: first.body, as: UTF8.self) == "POST /x hello")
      #expect(try client.perform(post(url)).get().onKeptConnection)
    }
  }

  @Test func `a certificate for another name is refused before anything is sent`() throws {
    try TestIdentity.withCertificateFile { path in
      let bed = try ServerBed(tls: TestIdentity.identity)
      let client = try makeClient(names: Self.names) { $0.certificateAuthorities = path }
      defer { client.stop() }
      for host in ["b.example", "127.0.0.1"] {
        let error = try client.failure(post("https://\(host):\(try port(of: bed))/"))
        #expect(error.code == "tls_failed")
        #expect(error.isRetryable && !error.mayHaveArrived)
      }
      #expect(bed.seen.requests.isEmpty)
    }
  }

  @Test func `a certificate that nobody vouches for is refused`() throws {
    let bed = try ServerBed(tls: TestIdentity.identity)
    let client = try makeClient(names: Self.names)
    defer { client.stop() }
    #expect(client.code(post("https://a.example:\(try port(of: bed))/")) == "tls_failed")
    #expect(bed.seen.requests.isEmpty)
  }

  @Test func `a file of authorities that is not there fails TLS, not the client`() throws {
    let bed = try ServerBed()
    let client = try makeClient(names: Self.names) { $0.certificateAuthorities = "/nowhere/ca.pem" }
    defer { client.stop() }
    let port = try port(of: bed)
    #expect(client.code(post("https://a.example:\(port)/")) == "tls_failed")
    #expect(try client.perform(post("http://a.example:\(port)/")).get().status == 200)
  }
}
