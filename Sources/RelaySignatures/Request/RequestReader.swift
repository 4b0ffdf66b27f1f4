internal import RelayDocuments
internal import RelayModel

/// Looks values up in a request for one verification. What has to be parsed (body, query) is parsed
/// when first asked for, and once.
struct RequestReader {
  private static let maxFormFields = 4096

  let request: SignedRequest
  private var parsedJSON: JSON?
  private var parsedForm: [FormField]?
  private var parsedQuery: [FormField]?
  private var parsedURL: RequestURL?

  init(_ request: SignedRequest) { self.request = request }

  /// The value of a header that may come once only: two of them are two opinions on what was signed.
  func header(_ name: String) throws(Refusal) -> ArraySlice<UInt8>? {
    guard let field = request.headers.soleBytes(name) else { return nil }
    guard !field.isRepeated else {
      throw Refusal(.malformedHeader, "the header \(name) came more than once")
    }
    return try checked(field.value, name)
  }

  /// Every value of a header that may be repeated.
  func headers(_ name: String) throws(Refusal) -> [ArraySlice<UInt8>] {
    var values: [ArraySlice<UInt8>] = []
    for value in request.headers.values(name) { values.append(try checked(Array(value.utf8)[...], name)) }
    return values
  }

  private func checked(_ value: ArraySlice<UInt8>, _ name: String) throws(Refusal) -> ArraySlice<UInt8> {
    guard value.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }) else {
      throw Refusal(.malformedHeader, "the header \(name) has a control character in it")
    }
    return value.trimmingBlanks
  }

  /// The body as JSON, or the field `json` of a multipart body (Dropbox Sign); a member that comes twice counts the last time, as everywhere else.
  mutating func json() throws(Refusal) -> JSON {
    if let parsedJSON { return parsedJSON }
    do {
      let text = FormBody.multipartFields(of: request)?.first("json") ?? request.body
      let value = try JSON.parse(text, duplicates: .keepLast)
      parsedJSON = value
      return value
    } catch {
      throw Refusal(.unparsableBody, "the body is no JSON: \(error)")
    }
  }

  /// The fields of a form body, in their order. Throws where there are more than any sender has: each
  /// costs memory before the sender is known.
  mutating func form() throws(Refusal) -> [FormField] {
    if let parsedForm { return parsedForm }
    guard request.body.count(where: { $0 == UInt8(ascii: "&") }) < Self.maxFormFields else {
      throw Refusal(.unparsableBody, "the form has more than \(Self.maxFormFields) fields")
    }
    let fields = FormBody.multipartFields(of: request) ?? PercentEncoding.fields(request.body[...])
    parsedForm = fields
    return fields
  }

  /// The fields of the query, in their order.
  mutating func query() -> [FormField] {
    if let parsedQuery { return parsedQuery }
    let fields = PercentEncoding.fields(Array(url.query.utf8)[...])
    parsedQuery = fields
    return fields
  }

  /// The URL that the sender called.
  var url: RequestURL {
    mutating get {
      if let parsedURL { return parsedURL }
      let url = RequestURL(request.url)
      parsedURL = url
      return url
    }
  }
}
