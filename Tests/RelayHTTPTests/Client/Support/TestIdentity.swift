import Glibc
import RelayHTTP

/// A certificate that signs itself, valid for a hundred years and for `a.example` alone, with a key of no
/// value (`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -addext
/// subjectAltName=DNS:a.example`).
enum TestIdentity {
  static let identity = TLSIdentity(certificatePEM: certificate, keyPEM: key)

  /// Writes the certificate to a file of its own while `body` runs.
  static func withCertificateFile<R>(_ body: (String) throws -> R) throws -> R {
    var template = Array("/tmp/petrel-test-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&template)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unsafe unlink(path) }
    let bytes = Array(certificate.utf8)
    precondition(unsafe write(descriptor, bytes, bytes.count) == bytes.count, "the file is written")
    close(descriptor)
    return try body(path)
  }

  static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBmTCCAT+gAwIBAgIUKBOQGiKluGb0hMjjxuS+P74Iz5UwCgYIKoZIzj0EAwIw
    FjEUMBIGA1UEAwwLcGV0cmVsLXRlc3QwIBcNMjYxMTI1MDkxOTEyWhgPMjEyNjEx
    MDEwOTE5MTJaMBYxFDASBgNVBAMMC3BldHJlbC10ZXN0MFkwEwYHKoZIzj0CAQYI
    KoZIzj0DAQcDQgAEgT6OD9oQjP4rtj8koxb3clcM5JTQXHWvMtxwO79NyhEYRZbb
    cKw/u1IBZkD8FkxrwHhkbM7x3RzYhaAzOu62LqNpMGcwHQYDVR0OBBYEFMeLbWCL
    J/QUnPhQgW4Vnerv8SziMB8GA1UdIwQYMBaAFMeLbWCLJ/QUnPhQgW4Vnerv8Szi
    MA8GA1UdEwEB/wQFMAMBAf8wFAYDVR0RBA0wC4IJYS5leGFtcGxlMAoGCCqGSM49
    BAMCA0gAMEUCIEbN1YRLYLk7SzZK0z4cb9YcEZAKRCmfNJzVJsp0UiyXAiEArAB3
    TPm3ETTbyX/xEWXgGiWTd55dRQPlt2Qb+sv29iw=
    -----END CERTIFICATE-----

    """

  static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg107xMKmTwC7McVDn
    8+KM7xhNoSk51fHUcayzC75y8QihRANCAASBPo4P2hCM/iu2PySjFvdyVwzklNBc
    da8y3HA7v03KERhFlttwrD+7UgFmQPwWTGvAeGRszvHdHNiFoDM67rYu
    -----END PRIVATE KEY-----

    """
}
