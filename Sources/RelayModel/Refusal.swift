/// Why a request was refused: the stable codes of the outside interface. They are the problem
/// document's `code`, the metric's label and the reason kept with a rejected request.
package enum RefusalCode: String, Sendable, CaseIterable {
  case missingHeader = "missing_header"
  case malformedHeader = "malformed_header"
  case timestampOutOfTolerance = "timestamp_out_of_tolerance"
  case noMatchingSignature = "no_matching_signature"
  case unknownSource = "unknown_source"
  case sourceDisabled = "source_disabled"
  case methodNotAllowed = "method_not_allowed"
  case unsupportedMediaType = "unsupported_media_type"
  case bodyTooLarge = "body_too_large"
  case unparsableBody = "unparsable_body"
  case replayed = "replayed"
  /// A line of `petrel verify --jsonl` that is no test vector.
  case badInput = "bad_input"
}

/// A refusal: the code for machines, a sentence for people. The sentence never holds a secret, the
/// expected signature or the body.
package struct Refusal: Error, Hashable, Sendable {
  package var code: RefusalCode
  package var detail: String

  package init(_ code: RefusalCode, _ detail: String) {
    self.code = code
    self.detail = detail
  }
}
