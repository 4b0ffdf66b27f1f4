import Glibc
import RelayHTTP
import RelayModel
import Testing

/// Over the `openssl` command, which stands for any client.
@Suite struct ServerTLSTests {
  /// A certificate for localhost that signs itself, with its key, in a folder of its own.
  private final class Certificate {
    let folder: String
    let identity: TLSIdentity

    init() throws {
      var template = Array("/tmp/petrel-test-XXXXXX".utf8CString)
      _ = unsafe mkdtemp(&template)
      folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      _ = shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost "
          + "-keyout \(folder)/key.pem -out \(folder)/cert.pem 2>&1")
      identity = TLSIdentity(
        certificatePEM: shell("cat \(folder)/cert.pem"), keyPEM: shell("cat \(folder)/key.pem"))
    }

    deinit { _ = shell("rm -r \(folder)") }
  }

  /// What the server answers to `request` over a connection that stays open until the server ends it.
  private func exchange(
    _ request: String, with bed: ServerBed, trusting certificate: Certificate, options: String = ""
  ) -> String {
    guard case .tcp(_, let port) = bed.address else { return "" }
    return shell(
      "printf '\(request)' | openssl s_client -quiet -connect 127.0.0.1:\(port) "
        + "-CAfile \(certificate.folder)/cert.pem -verify_return_error \(options) 2>/dev/null")
  }

  private func bed(_ certificate: Certificate, _ limits: ServerLimits = ServerLimits()) throws -> ServerBed {
    try ServerBed(tls: certificate.identity, limits: limits)
  }

  @Test func `a request over TLS is answered`() throws {
    let certificate = try Certificate()
    let bed = try bed(certificate)
    let text = exchange(
      "POST /a HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\nContent-Length: 5\\r\\n\\r\\nhello",
      with: bed,
      trusting: certificate)
    #expect(text.hasPrefix("HTTP/1.1 200 "))
    #expect(text.hasSuffix("POST /a hello"))
  }

  @Test func `a refusal before the body goes through the TLS session`() throws {
    let certificate = try Certificate()
    let bed = try bed(certificate)
    let text = exchange(
      "POST /a HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1000000\\r\\n\\r\\n", with: bed,
      trusting: certificate)
    #expect(text.hasPrefix("HTTP/1.1 413 "))
  }

  @Test func `a body that stalls ends with 408 through the TLS session`() throws {
    let certificate = try Certificate()
    var limits = ServerLimits()
    limits.requestTimeout = .milliseconds(800)
    let bed = try bed(certificate, limits)
    let text = exchange(
      "POST /a HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 10\\r\\n\\r\\nabc", with: bed, trusting: certificate
    )
    #expect(text.hasPrefix("HTTP/1.1 408 "))
  }

  @Test func `a handshake that stalls is closed, and so is one that is none`() throws {
    let certificate = try Certificate()
    var limits = ServerLimits()
    limits.headTimeout = .milliseconds(400)
    let bed = try bed(certificate, limits)
    let stalled = try bed.client()
    try stalled.send([0x16, 0x03, 0x01, 0x02])
    try stalled.waitForEnd()
    let plain = try bed.client()
    try plain.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    try plain.waitForEnd()
    #expect(bed.seen.requests.isEmpty)
  }

  @Test(arguments: ["-tls1", "-tls1_1"])
  func `old versions of TLS are refused`(version: String) throws {
    let certificate = try Certificate()
    let bed = try bed(certificate)
    let text = exchange(
      "GET /a HTTP/1.0\\r\\n\\r\\n", with: bed, trusting: certificate,
      options: "\(version) -cipher DEFAULT:@SECLEVEL=0")
    #expect(!text.contains("HTTP/1.1"))
    #expect(bed.seen.requests.isEmpty)
  }

  @Test func `a certificate that is none keeps the server from starting`() throws {
    #expect(throws: ServerError.identityUnusable) {
      try ServerBed(tls: TLSIdentity(certificatePEM: "no certificate", keyPEM: "no key"))
    }
  }
}

/// What a shell command prints.
private func shell(_ command: String) -> String {
  guard let pipe = unsafe popen(command, "r") else { return "" }
  defer { unsafe _ = pclose(pipe) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = unsafe fread(&buffer, 1, buffer.count, pipe)
    guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
    bytes += buffer[..<count]
  }
}
