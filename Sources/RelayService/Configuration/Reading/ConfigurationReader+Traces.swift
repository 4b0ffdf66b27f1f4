internal import RelayDocuments
internal import RelayModel

extension ConfigurationReader {
  func traces(_ top: MappingReader, _ rules: SecretRules) -> Configuration.Traces? {
    guard let reader = top.read(ConfigurationKeys.traces) else { return nil }
    defer { reader.finish() }
    var traces = Configuration.Traces(url: reader.read(TraceKeys.url) ?? "")
    traces.service = reader.read(TraceKeys.service)
    traces.ratio = reader.read(TraceKeys.ratio)
    for header in reader.read(TraceKeys.headers) ?? [] {
      guard Self.isFieldName(header.name) else {
        header.written.reject("is no name of a header field")
        continue
      }
      for secret in rules.references(header.value, resolved) {
        traces.headers.append(Configuration.Traces.Header(name: header.name, secret: secret))
      }
    }
    return traces
  }

  /// A token of RFC 9110, section 5.6.2.
  private static func isFieldName(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "a")...UInt8(ascii: "z"):
          true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }
}
