package import RelayDocuments
package import RelayModel
package import RelaySignatures

extension Hook {
  /// The fewest bytes that a secret has unless `short_secret: true` is written.
  package static let shortestSecret = 16

  /// `verify:` with its secrets resolved. Reports what is wrong to `diagnostics`, each at its member, and then
  /// is nil.
  ///
  /// `public_key` and `certificates` may be references or the text itself, `jwks` a reference to a file of it.
  ///
  /// - Parameter base: what relative paths start at.
  package func verifyConfiguration(
    _ secrets: any SecretSource, base: String, _ diagnostics: Diagnostics
  ) -> VerifyConfiguration? {
    guard let document = verification.document else { return unverified(diagnostics) }
    let before = diagnostics.all.count
    do throws(SignatureError) {
      let configuration = try VerifyConfiguration(document.json) { member, text throws(SecretError) in
        try secrets.bytes(of: text, base: base)
      }
      checkLength(configuration, document, diagnostics)
      // Reads the scheme and the keys: what is wrong with them shows here and not at the first request.
      _ = try Verifier(configuration)
      return diagnostics.all.count == before ? configuration : nil
    } catch {
      report(error, document, diagnostics)
    }
    return nil
  }

  private func unverified(_ diagnostics: Diagnostics) -> VerifyConfiguration? {
    do throws(SignatureError) {
      return try VerifyConfiguration("none") { _, text throws(SecretError) in Array(text.utf8) }
    } catch {
      diagnostics.error("hooks.\(name).verify: \(error)", at: verification.position)
      return nil
    }
  }

  private func checkLength(
    _ configuration: VerifyConfiguration, _ document: DocumentNode, _ diagnostics: Diagnostics
  ) {
    guard !verification.allowsShortSecret else { return }
    for (index, secret) in configuration.secrets.enumerated() where secret.count < Self.shortestSecret {
      let node = document["secret"]
      let place = node?.elements.map { $0[min(index, $0.count - 1)].position } ?? node?.position
      diagnostics.error(
        "hooks.\(name).verify.secret has \(secret.count) bytes; use \(Self.shortestSecret) or more, or write short_secret: true",
        at: place ?? verification.position)
    }
  }

  private func report(_ error: SignatureError, _ document: DocumentNode, _ diagnostics: Diagnostics) {
    switch error {
    case .configuration(let member, let why): report(member, why, document, diagnostics)
    case .key(let member, let error): report(member, "\(error)", document, diagnostics)
    case .secret(let member, let error): report(member, "\(error)", document, diagnostics)
    case .unknownProvider(_, let suggestion):
      let hint = suggestion.map { "; did you mean \"\($0)\"?" } ?? ""
      report("provider", "names no provider that is known\(hint)", document, diagnostics)
    case .cannotSign(let why): report("", why, document, diagnostics)
    }
  }

  /// Reports at the member that the dotted path names, or the nearest above it.
  private func report(_ member: String, _ why: String, _ document: DocumentNode, _ diagnostics: Diagnostics) {
    var place = document.position
    var node = document
    for part in member.split(separator: ".") {
      guard let next = node.members?.first(where: { $0.name == part }) else { break }
      node = next.value
      place = next.value.position
    }
    let path = (["hooks", name, "verify"] + (member.isEmpty ? [] : [member])).joined(separator: ".")
    diagnostics.error("\(path) \(why)", at: place)
  }
}

extension SecretSource {
  /// What a member's text stands for: a reference, a path from `base`; or itself, as public keys may be
  /// written out. Secrets may not, which the configuration has refused by now.
  fileprivate func bytes(of text: String, base: String) throws(SecretError) -> [UInt8] {
    switch SecretReference(text) {
    case nil: Array(text.utf8)
    case .file(let path): try secret(.file(LocalFile.resolve(path, from: base)))
    case .some(let reference): try secret(reference)
    }
  }
}
