package import RelayDocuments
package import RelayModel

/// Passes the event on as it came, signed anew.
package struct ForwardStep: Sendable {
  package var url: URLTemplate
  /// Replace the event's own fields of the same name.
  package var headers: [HeaderTemplate]
  /// Nil passes the event on without a signature of ours.
  package var sign: Signing?
}

/// How a forwarded event is signed: the words of a hook's `verify`, used the other way round.
package struct Signing: Sendable {
  /// A preset's name; nil where the scheme is written out in `scheme`.
  package var provider: String?
  package var secret: SecretReference
  /// The whole of `sign` but the secret.
  package var scheme: DocumentNode
}
