internal import RelayCrypto
internal import RelayDocuments
package import RelayModel
internal import RelaySignatures

/// A delivery signed as the hook's own provider would sign it: for `petrel send`, and for what `serve` shows to
/// try.
package struct SampleDelivery: Sendable {
  /// Where it is posted.
  package let url: String
  /// Content type, the given headers, then the signature's.
  package let headers: [(name: String, value: String)]

  /// - Parameters:
  ///   - origin: the listener as it is reached: `http://127.0.0.1:8080`.
  ///   - headers: what else is sent; the signature's own replace those of the same names.
  package init(
    to hook: Hook, of configuration: Configuration, origin: String, body: [UInt8], headers: HeaderFields,
    secrets: any SecretSource, at now: Timestamp
  ) throws(ConfigurationError) {
    let path = "/hooks/\(hook.name)"
    let diagnostics = Diagnostics(file: configuration.file)
    guard let verify = hook.verifyConfiguration(secrets, base: configuration.folder, diagnostics) else {
      throw .invalid(diagnostics.all)
    }
    // The URL that the hook believes it was called by, which some schemes sign.
    let called = hook.url ?? "\(configuration.publicURL ?? origin)\(path)"
    let request = SignedRequest(method: "POST", url: called, headers: headers, body: body)
    let signed: [Signer.Header]
    do throws(SignatureError) {
      signed = try Signer(verify).sign(request, at: now, id: Self.newID())
    } catch {
      diagnostics.error("hooks.\(hook.name): \(error)", at: hook.verification.position)
      throw .invalid(diagnostics.all)
    }
    var all = headers.all.filter { field in
      !signed.contains { $0.name.lowercased() == field.name.lowercased() }
    }
    if headers.occurrences("Content-Type") == 0 { all.insert(("Content-Type", "application/json"), at: 0) }
    self.url = origin + path
    self.headers = all.map { (name: $0.name, value: $0.value) } + signed
  }

  private static func newID() -> String { "msg_" + Base62.text(SecureRandom().bits(), width: 11) }
}
