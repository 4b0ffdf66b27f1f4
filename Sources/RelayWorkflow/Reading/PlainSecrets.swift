internal import RelayDocuments
internal import RelayModel

/// Finds credentials that stand in a document as they are: documents lie in repositories and backups, and versions
/// of them in the store.
enum PlainSecrets {
  /// How the credentials begin that services give out, what follows at least, and whose they are.
  private static let beginnings: [(prefix: String, rest: Int, owner: String)] = [
    ("ghp_", 30, "GitHub"), ("gho_", 30, "GitHub"), ("ghs_", 30, "GitHub"), ("ghu_", 30, "GitHub"),
    ("github_pat_", 30, "GitHub"), ("glpat-", 16, "GitLab"), ("xoxb-", 20, "Slack"), ("xoxp-", 20, "Slack"),
    ("xapp-", 20, "Slack"), ("sk_live_", 16, "Stripe"), ("rk_live_", 16, "Stripe"),
    ("whsec_", 24, "Stripe or Svix"),
    ("shpat_", 24, "Shopify"), ("sk-ant-", 24, "Anthropic"), ("sk-proj-", 24, "OpenAI"),
    ("AIza", 30, "Google"),
    ("AKIA", 16, "AWS"), ("SG.", 40, "SendGrid"), ("npm_", 30, "npm"), ("dop_v1_", 40, "DigitalOcean"),
    ("secret_", 40, "Notion"), ("ntn_", 40, "Notion"),
  ]

  /// Names of header fields and query parameters that carry credentials.
  private static let carriers: Set = [
    "authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "apikey", "api_key",
    "x-auth-token",
    "x-access-token", "access_token", "auth_token", "token", "password", "secret", "client_secret",
  ]

  /// Reports each of them, at its place, without showing it.
  static func report(in node: DocumentNode, _ diagnostics: Diagnostics) {
    switch node.kind {
    case .scalar(.string(let text), _):
      guard let owner = owner(of: text) else { return }
      diagnostics.doubt(
        "holds a secret in plain text, by its looks one of \(owner): keep it with `petrel secrets set NAME` and write "
          + "auth: {bearer: \"vault:NAME\"}, or env:NAME or file:PATH", at: node.position)
    case .scalar: return
    case .sequence(let elements): for element in elements { report(in: element, diagnostics) }
    case .mapping(let members):
      for member in members {
        if ["headers", "query"].contains(member.name) { warn(about: member, diagnostics) }
        report(in: member.value, diagnostics)
      }
    }
  }

  /// Credentials of no known looks, where credentials stand.
  private static func warn(about fields: DocumentMember, _ diagnostics: Diagnostics) {
    for member in fields.value.members ?? [] {
      let name = String(decoding: member.name.utf8.map(\.asciiLowercased), as: UTF8.self)
      guard carriers.contains(name), let text = member.value.string, !text.isEmpty, !text.contains("{{"),
        owner(of: text) == nil
      else { continue }
      let kind = fields.name == "query" ? "query" : "header"
      diagnostics.warning(
        "\(member.name) looks like a secret in plain text: keep it with `petrel secrets set NAME` and write "
          + "auth: {\"\(kind)\": {\"name\": \"\(member.name)\", \"value\": \"vault:NAME\"}}",
        at: member.value.position)
    }
  }

  private static func owner(of text: String) -> String? {
    let words = text.utf8.split { !isPart($0) }
    for word in words {
      for (prefix, rest, owner) in beginnings
      where word.count >= prefix.utf8.count + rest && word.starts(with: prefix.utf8) {
        return owner
      }
    }
    return text.contains("PRIVATE KEY-----") ? "a private key's kind" : nil
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
      || "-_.".utf8.contains(byte)
  }
}
