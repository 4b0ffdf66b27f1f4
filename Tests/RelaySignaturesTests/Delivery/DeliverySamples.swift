import RelayModel
import RelaySignatures

/// A request to look ids up in.
func sampleRequest(
  _ body: String = "{}", headers: [(String, String)] = [], method: String = "POST",
  url: String = "https://relay.example.com/hooks/x"
) -> SignedRequest {
  SignedRequest(method: method, url: url, headers: HeaderFields(headers), body: Array(body.utf8))
}

/// The rule of a preset.
func deliveryRule(_ provider: String) throws -> DeliveryRule {
  try DeliveryRule(PresetCatalog.preset(named: provider))
}

/// A verification by a signature that covers a timestamp.
let timestamped = Verified(signature: [1, 2, 3], coversDelivery: true)
/// A verification by a signature over the body alone.
let bodyOnly = Verified(signature: [1, 2, 3], coversDelivery: false)
