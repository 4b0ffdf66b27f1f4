internal import RelayDocuments
internal import RelayModel

/// Where a provider's requests carry the id of the delivery or event, and what happened. Read once when
/// a hook is loaded, used from any thread.
package struct DeliveryRule: Sendable {
  /// Longer values are no ids; nothing that anybody sends comes near.
  private static let limit = 512

  private let ids: [RequestTemplate]
  private let isUnique: Bool
  private let eventTypes: [RequestTemplate]

  /// For a hook whose scheme is written out: nothing is known of its requests.
  package init() {
    ids = []
    isUnique = false
    eventTypes = []
  }

  /// Reads the preset's `delivery` and `eventType`. Throws where they cannot be read, which is a mistake
  /// in what came with this build.
  package init(_ preset: Preset) throws(SignatureError) {
    ids = try Self.templates(preset.entry["delivery"]?["from"])
    isUnique = preset.entry["delivery"]?["unique"]?.bool ?? false
    eventTypes = try Self.templates(preset.entry["eventType"])
  }

  /// What makes this delivery the same as another: its id where the preset names one and the request
  /// carries it; else signature and body, where the signature covers a timestamp or an id; else nil, and
  /// no two requests are ever the same.
  ///
  /// - Parameter verified: what `Verifier.verify` said of this request.
  package func identity(of request: SignedRequest, _ verified: Verified) -> DeliveryIdentity? {
    if let id = first(ids, in: request) { return DeliveryIdentity(id: id, isUnique: isUnique) }
    guard verified.coversDelivery, !verified.signature.isEmpty else { return nil }
    return DeliveryIdentity(signature: verified.signature)
  }

  /// What happened, in the provider's own word: `issues`, `invoice.paid`. Nil where the request does not
  /// say.
  package func eventType(of request: SignedRequest) -> String? {
    first(eventTypes, in: request)?.validText
  }

  private func first(_ templates: [RequestTemplate], in request: SignedRequest) -> ArraySlice<UInt8>? {
    for template in templates {
      if let name = template.soleHeader {
        guard let value = request.headers.firstBytes(name), (1...Self.limit).contains(value.count) else {
          continue
        }
        return value
      }
      if let value = template.value(in: TemplateScope(request: request), limit: Self.limit) {
        return value[...]
      }
    }
    return nil
  }

  private static func templates(_ value: JSON?) throws(SignatureError) -> [RequestTemplate] {
    var templates: [RequestTemplate] = []
    for text in value?.array ?? [] { templates.append(try RequestTemplate(text.string ?? "")) }
    return templates
  }
}
