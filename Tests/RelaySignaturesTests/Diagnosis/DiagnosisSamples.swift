import RelayCrypto
import RelayDocuments
import RelayModel
import RelaySignatures

let sampleSecret = "It's a Secret to Everybody"
let sampleNow = Timestamp(seconds: 1_790_000_000)

/// The HMAC of `body` in hex.
func hexCode(_ body: String, _ secret: [UInt8] = bytes(sampleSecret), _ algorithm: DigestAlgorithm = .sha256)
  throws -> String
{
  Hex.text(try HMACKey(algorithm, secret: secret).code(bytes(body)))
}

/// A request signed as GitHub signs, over `signed` or else over the body that it has.
func githubRequest(
  _ body: String = "{}", signed: String? = nil, secret: [UInt8] = bytes(sampleSecret),
  headers: [(String, String)] = []
) throws -> SignedRequest {
  let code = try hexCode(signed ?? body, secret)
  return sampleRequest(body, headers: [("X-Hub-Signature-256", "sha256=\(code)")] + headers)
}

func githubHook(secret: String = sampleSecret) throws -> VerifyConfiguration {
  var verify = try configuration(#"{"provider":"github","secret":"x"}"#).options
  verify["secret"] = .string(secret)
  return try VerifyConfiguration(.object(verify)) { _, text in bytes(text) }
}

/// A request signed as Stripe signs, at `signedAt`.
func stripeRequest(signedAt: Int64, _ body: String = "{}", secret: String = sampleSecret) throws
  -> SignedRequest
{
  let code = try hexCode("\(signedAt).\(body)", bytes(secret))
  return sampleRequest(body, headers: [("Stripe-Signature", "t=\(signedAt),v1=\(code)")])
}

func stripeHook(secret: String = sampleSecret) throws -> VerifyConfiguration {
  try configuration(#"{"provider":"stripe","secret":"\#(secret)"}"#)
}

extension DiagnosisReport {
  func result(_ name: Check.Name) -> Check.Result? { checks.first { $0.name == name }?.result }
  func evidence(_ name: Check.Name) -> String { checks.first { $0.name == name }?.evidence ?? "" }
}
