internal import RelayModel

/// What the server itself answers.
extension HTTPResponse {
  static func badRequest(_ fault: FramingFault) -> HTTPResponse {
    .problem(
      status: 400, code: "bad_request", title: "The request cannot be read in one way only",
      detail: fault.detail)
  }

  static let tooSlow = HTTPResponse.problem(
    status: 408, code: "request_timeout", title: "The request came too slowly",
    detail: "It did not arrive whole within the time that the relay allows.")

  static func bodyTooLarge(_ limit: ByteCount) -> HTTPResponse {
    .problem(
      status: 413, code: "body_too_large", title: "The body is too large",
      detail: "At most \(limit.text) are taken here.")
  }

  static let targetTooLong = HTTPResponse.problem(
    status: 414, code: "target_too_long", title: "The request target is too long",
    detail: "Path and query are taken up to 8 KiB; send what is longer in the body.")

  static let headTooLarge = HTTPResponse.problem(
    status: 431, code: "headers_too_large", title: "The header fields are too large",
    detail: "Send fewer or shorter ones; `limits.headers` in the relay's configuration is their bound.")

  static let overloaded = HTTPResponse.problem(
    status: 503, code: "overloaded", title: "Too much is in flight",
    detail: "The relay holds as many requests as it may. Nothing was accepted; send the request again.")

  static let stopping = HTTPResponse.problem(
    status: 503, code: "stopping", title: "The relay is stopping",
    detail: "The request may not have been accepted; send it again.")

  /// A field that no answer may carry: a fault of ours.
  static let defective: HTTPResponse = {
    var response = HTTPResponse.problem(
      status: 500, code: "defect", title: "The relay made an answer that cannot be sent")
    response.closesConnection = true
    return response
  }()
}
