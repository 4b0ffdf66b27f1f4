internal import RelayModel

/// The address that confirms an Amazon SNS subscription. It came in a verified message; all the same it
/// is fetched only where it cannot lead anywhere else.
struct ConfirmationURL: Sendable, Hashable {
  let text: String
  /// The topic whose subscription it confirms: any account of Amazon's can point one here.
  let topic: String

  /// Nil unless `bytes` is an https URL at `sns.REGION.amazonaws.com` (or `.com.cn`), without user,
  /// port or fragment, whose action confirms a subscription.
  init?(_ bytes: [UInt8]) {
    guard bytes.allSatisfy({ (0x21..<0x7F).contains($0) }) else { return nil }
    let text = bytes.text
    let url = RequestURL(text)
    guard !text.contains("#"), url.scheme == "https", url.path == "/" || url.path.isEmpty,
      Self.isAmazon(url.authority)
    else { return nil }
    let query = PercentEncoding.fields([UInt8](url.query.utf8)[...])
    guard query.first("Action")?.text == "ConfirmSubscription", let topic = query.first("TopicArn") else {
      return nil
    }
    self.text = text
    self.topic = topic.text
  }

  private static func isAmazon(_ authority: String) -> Bool {
    var labels = authority.split(separator: ".", omittingEmptySubsequences: false)[...]
    if labels.last == "cn" { labels = labels.dropLast() }
    guard labels.count == 4, labels.first == "sns", Array(labels.suffix(2)) == ["amazonaws", "com"] else {
      return false
    }
    let region = labels.dropFirst().first ?? ""
    return region.utf8.count >= 3
      && region.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }
}
