internal import RelayDocuments

/// The keys of `http`.
enum HTTPKeys {
  static let method = Key("method", .template, "Upper case; GET, or POST where there is a body.")
  static let url = Key("url", .template, required: true, "An absolute URL.")
  static let query = Key(
    "query", .members(of: .anything), "Parameters, put into the URL encoded; a list is repeated.")
  static let headers = Key("headers", .members(of: ScalarForm()), "Header fields.")
  static let json = Key("json", .anything, "A body of JSON.")
  static let form = Key("form", .members(of: .anything), "A body as a form sends it.")
  static let multipart = Key(
    "multipart", .members(of: .either(.template, or: PartKeys.shape)), "A body of parts, by their names.")
  static let text = Key("text", .template, "A body of plain text.")
  static let raw = Key("body", .template, "A body as it is; {{ event.raw }} alone sends the bytes.")
  static let auth = Key("auth", AuthKeys.shape, "Credentials.")
  static let expect = Key(
    "expect", .expression, "What a good `response` is; where it is false, the step fails.")
  static let follow = Setting("follow", .flag, default: false, "Whether redirects are followed.")

  static let bodies = Alternatives(.oneOrNone, of: json, form, multipart, text, raw)
  static let shape = Shape(
    [method, url, query, headers, json, form, multipart, text, raw, auth, expect, follow], bodies)
}

/// The keys of a part of `multipart`, where it is written as an object.
enum PartKeys {
  static let content = Key("content", .template, required: true, "What the part holds.")
  static let filename = Key("filename", .template, "The file's name.")
  static let type = Key("type", .template, "The media type.")

  static let shape = Shape([content, filename, type])
}

/// The keys of `auth`.
enum AuthKeys {
  static let bearer = Key("bearer", .secret, "A bearer token.")
  static let basic = Key("basic", BasicKeys.shape, "A user's name and password.")
  static let header = Key("header", CredentialKeys.shape, "A header field.")
  static let query = Key("query", CredentialKeys.shape, "A parameter of the URL.")

  static let kinds = Alternatives(.one, of: bearer, basic, header, query)
  static let shape = Shape([bearer, basic, header, query], kinds)
}

/// The keys of `auth.basic`.
enum BasicKeys {
  static let username = Key("username", .text, required: true, "The user's name.")
  static let password = Key("password", .secret, required: true, "The password.")

  static let shape = Shape([username, password])
}

/// The keys of `auth.header` and `auth.query`.
enum CredentialKeys {
  static let name = Key("name", .text, required: true, "The name of the field or the parameter.")
  static let value = Key("value", .secret, required: true, "Its value.")

  static let shape = Shape([name, value])
}

/// The keys of `forward`.
enum ForwardKeys {
  static let url = HTTPKeys.url
  static let headers = HTTPKeys.headers
  static let sign = Key(
    "sign", SignKeys.shape, "How the request is signed anew; not at all where it is left out.")

  static let shape = Shape([url, headers, sign])
}

/// The keys of `forward.sign`; others are those of a signature scheme, which who signs knows.
enum SignKeys {
  static let provider = Key("provider", .text, "Whose signatures to make.")
  static let type = Key("type", .text, "The scheme, where it is no provider's.")
  static let secret = Key("secret", .secret, required: true, "What to sign with.")

  static let schemes = Alternatives(.oneOrMore, of: provider, type)
  static let shape = Shape([provider, type, secret], schemes, isOpen: true)
}

/// The keys of `respond`.
enum RespondKeys {
  static let status = Key(
    "status",
    IntegerTemplateForm(
      range: 200...599, complaint: "must be a status from 200 to 599, or {{ an expression }} that gives one"),
    "200 where it is left out.")
  static let headers = HTTPKeys.headers
  static let json = HTTPKeys.json
  static let text = HTTPKeys.text
  static let raw = HTTPKeys.raw

  static let bodies = Alternatives(.oneOrNone, of: json, text, raw)
  static let shape = Shape([status, headers, json, text, raw], bodies)
}
