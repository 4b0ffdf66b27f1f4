internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel

/// Amazon SNS: RSA over some members of the body, with the certificate that the body names. The
/// secret, or `topic`, is the ARN of the only topic that is let in.
struct AmazonSNSScheme: Scheme {
  private static let notification = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
  private static let confirmation = [
    "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
  ]
  /// Members that a message may lack.
  private static let optional: Set = ["Subject"]

  private let topics: [[UInt8]]
  private let certificates: [String: PublicKey]

  init(_ configuration: VerifyConfiguration) throws(SignatureError) {
    topics = configuration.option("topic").map { [[UInt8]($0)] } ?? configuration.secrets
    guard !topics.isEmpty else {
      throw .configuration(member: "topic", why: "is missing: anybody's topic would be let in")
    }
    certificates = try CertificateStore.keys(configuration)
  }

  func verify(_ request: SignedRequest, at now: Timestamp) throws(Refusal) -> Verified {
    var reader = RequestReader(request)
    let body = try reader.json()
    guard let text = body["Signature"]?.string else {
      throw Refusal(.missingHeader, "Signature of the body is missing")
    }
    guard let signature = Base64.standard.decode(text.utf8) else {
      throw Refusal(.malformedHeader, "Signature of the body is no base64")
    }
    let scheme: SignatureScheme
    switch body["SignatureVersion"]?.string {
    case "1": scheme = .rsaSHA1
    case "2": scheme = .rsaSHA256
    default: throw Refusal(.malformedHeader, "SignatureVersion of the body is neither 1 nor 2")
    }
    guard let topic = body["TopicArn"]?.string, let index = topics.firstIndex(of: [UInt8](topic)) else {
      throw Refusal(.unknownSource, "TopicArn of the body is not the configured topic")
    }
    let key = try key(body)
    guard key.verifies(signature, over: try message(body), scheme) else {
      throw Refusal(.noMatchingSignature, "Signature of the body does not match")
    }
    let instant = body["Timestamp"]?.string.flatMap { Timestamp(rfc3339: $0) }
    return Verified(keyIndex: index, signedAt: instant, signature: signature, coversDelivery: true)
  }

  private func key(_ body: JSON) throws(Refusal) -> PublicKey {
    let address = body["SigningCertURL"]?.string ?? ""
    let url = RequestURL(address)
    guard url.scheme == "https", Self.isAmazon(url.authority), url.path.hasSuffix(".pem") else {
      throw Refusal(.unknownSource, "SigningCertURL of the body is no address of Amazon SNS")
    }
    guard let key = certificates[address] else {
      throw Refusal(.unknownSource, "the certificate that SigningCertURL names is not configured")
    }
    return key
  }

  /// `sns.<region>.amazonaws.com`, also of China's regions.
  private static func isAmazon(_ host: String) -> Bool {
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    let isRegion =
      labels.count > 1 && labels[1].utf8.count >= 3
      && labels[1].utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    return labels.first == "sns" && isRegion
      && (labels[2...] == ["amazonaws", "com"] || labels[2...] == ["amazonaws", "com", "cn"])
  }

  /// `Name\nvalue\n` of each member, in alphabetical order.
  private func message(_ body: JSON) throws(Refusal) -> [UInt8] {
    let isNotification = body["Type"]?.string == "Notification"
    var message = ""
    for name in isNotification ? Self.notification : Self.confirmation {
      guard let value = body[name]?.string else {
        if Self.optional.contains(name) { continue }
        throw Refusal(.unparsableBody, "\(name) of the body is missing")
      }
      message += "\(name)\n\(value)\n"
    }
    return [UInt8](message)
  }
}
