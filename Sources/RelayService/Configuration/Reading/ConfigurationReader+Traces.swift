internal import RelayDocuments
internal import RelayModel

extension ConfigurationReader {
  func traces(_ top: MappingReader, _ rules: SecretRules) -> Configuration.Traces? {
    guard let reader = top.mapping("traces") else { return nil }
    defer { reader.finish() }
    var traces = Configuration.Traces(url: url("url", in: reader, required: true) ?? "")
    if let service = reader.string("service") {
      if service.isEmpty { reader.reject("service", "is empty; leave it out for petrel") }
      traces.service = service
    }
    traces.ratio = reader.double("ratio", in: 0...1) ?? traces.ratio
    if let headers = reader.mapping("headers") {
      headers.each { member, path in
        guard Self.isFieldName(member.name) else {
          return headers.reject(member.name, "is no name of a header field")
        }
        for secret in rules.references(member.name, in: headers, resolved) {
          traces.headers.append(Configuration.Traces.Header(name: member.name, secret: secret))
        }
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
