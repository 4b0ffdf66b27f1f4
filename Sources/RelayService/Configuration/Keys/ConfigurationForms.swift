internal import RelayDocuments
internal import RelayEngine
internal import RelayHTTP
internal import RelayModel

/// A path, which starts at the folder of the file where it is relative.
struct PathForm: DefaultForm {
  func read(_ written: WrittenValue) -> String? {
    guard let path = TextForm().read(written) else { return nil }
    if !path.isEmpty { return path }
    written.reject("is empty")
    return nil
  }

  func schema(_: inout SchemaDefinitions) -> JSONObject { ["type": "string", "minLength": 1] }
  func written(_ value: String) -> JSON { .string(value) }
}

/// An http or https URL without query and fragment; read without a slash at its end.
struct BaseURLForm: Form {
  func read(_ written: WrittenValue) -> String? {
    guard let text = TextForm().read(written) else { return nil }
    let scheme = ["https://", "http://"].first { text.hasPrefix($0) } ?? ""
    let rest = text.dropFirst(scheme.count)
    let host = rest.prefix { $0 != "/" }
    let isPlain = text.utf8.allSatisfy {
      $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
    }
    guard !scheme.isEmpty, !host.isEmpty, isPlain else {
      written.reject("must be an http or https URL without a query, such as https://hooks.example.com")
      return nil
    }
    guard !host.contains("@") else {
      written.reject("must not hold a user or a password")
      return nil
    }
    return scheme + rest.split(separator: "/").joined(separator: "/")
  }

  func schema(_: inout SchemaDefinitions) -> JSONObject {
    ["type": "string", "pattern": "^https?://[^/@?# ]+(/[^?# ]*)?$"]
  }
}

/// An address and a port.
struct AddressForm: Form {
  func read(_ written: WrittenValue) -> Listener? {
    let text = written.node.string
    if let listener = text.flatMap({ Listener($0) }) { return listener }
    let bare = text?.drop { $0 == "*" }
    let isEverywhere = bare?.first == ":" && bare.flatMap { UInt16($0.dropFirst()) } != nil
    written.reject(
      isEverywhere
        ? "names no address; write 0.0.0.0 or [::] before the port for all of them"
        : "must be an address and a port such as 127.0.0.1:8080 or [::1]:8080")
    return nil
  }

  func schema(_: inout SchemaDefinitions) -> JSONObject {
    ["type": "string", "pattern": "^([0-9.]+|localhost|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}$"]
  }
}

/// An address, or a range of them.
struct RangeForm: Form {
  func read(_ written: WrittenValue) -> CIDR? {
    if let range = written.node.string.flatMap({ CIDR($0) }) { return range }
    written.reject("must be an address or a range such as 10.0.0.0/8")
    return nil
  }

  func schema(_: inout SchemaDefinitions) -> JSONObject {
    ["type": "string", "pattern": "^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$"]
  }
}

/// Where executions may go, or may not: a host, an address or a range.
struct EgressRuleForm: Form {
  func read(_ written: WrittenValue) -> EgressRule? {
    if let rule = written.node.string.flatMap({ EgressRule($0) }) { return rule }
    written.reject("must be a host, an address, or a range such as 10.0.0.0/8")
    return nil
  }

  func schema(_: inout SchemaDefinitions) -> JSONObject { ["type": "string", "minLength": 1] }
}

/// How many requests in which time.
struct Rate: Sendable {
  let requests: Int
  let per: Duration
}

/// `100/s`, `20/m` or `1000/h`.
struct RateForm: Form {
  func read(_ written: WrittenValue) -> Rate? {
    let parts = (written.node.string ?? "").split(separator: "/", omittingEmptySubsequences: false)
    if parts.count == 2, let requests = Int(parts[0]), (1...1_000_000).contains(requests),
      ["s", "m", "h"].contains(parts[1]), let per = Duration(text: "1\(parts[1])")
    {
      return Rate(requests: requests, per: per)
    }
    written.reject("must be a number and a unit such as 100/s (units s, m, h)")
    return nil
  }

  func schema(_: inout SchemaDefinitions) -> JSONObject {
    ["type": "string", "pattern": "^[0-9]+/(s|m|h)$"]
  }
}

/// A reference to a secret, or a list of which any is accepted. `SecretRules` judge it.
struct SecretsForm: Form {
  var takesList = true

  func read(_ written: WrittenValue) -> WrittenValue? { written }

  func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    let one = definitions.reference("secret") { _ in
      [
        "type": "string", "pattern": .string(SecretReference.pattern),
        "description": "Where the secret lies: env:NAME, file:PATH or vault:NAME; plain:TEXT on loopback.",
      ]
    }
    if !takesList { return one }
    return ["anyOf": [.object(one), ["type": "array", "minItems": 1, "items": .object(one)]]]
  }
}

/// `none`, or a mapping, most of whose keys are those of a signature scheme.
struct VerifyForm: Form {
  func read(_ written: WrittenValue) -> Value? {
    if written.node.string == "none" { return .nothing }
    if written.node.members != nil { return VerifyKeys.shape.read(written).map(Value.scheme) }
    written.reject("must be a mapping such as {provider: github, secret: env:NAME}, or none")
    return nil
  }

  func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    ["anyOf": [["const": "none"], .object(VerifyKeys.shape.schema(&definitions))]]
  }

  enum Value {
    case nothing
    case scheme(MappingReader)
  }
}

extension Form where Self == PathForm {
  static var path: Self { PathForm() }
}

extension Form where Self == BaseURLForm {
  static var baseURL: Self { BaseURLForm() }
}
