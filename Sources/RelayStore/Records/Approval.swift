package import RelayModel

/// What people are asked.
package struct ApprovalQuestion: Sendable, Hashable {
  package var title: String
  /// May be empty.
  package var message: String

  package init(title: String, message: String) {
    self.title = title
    self.message = message
  }
}

/// What people decided. Their names and words are theirs: nobody has checked them.
package struct ApprovalDecision: Sendable, Hashable {
  package var isApproved: Bool
  /// Who says so; nil where nobody put a name to it.
  package var by: String?
  package var comment: String?
  package var at: Timestamp

  package init(isApproved: Bool, by: String?, comment: String?, at: Timestamp) {
    self.isApproved = isApproved
    self.by = by
    self.comment = comment
    self.at = at
  }
}

/// How a question stands.
package enum ApprovalState: Sendable, Hashable {
  case open(ApprovalQuestion, deadline: Timestamp)
  case decided(isApproved: Bool)
  /// Nobody decided in time.
  case expired
  /// The execution has not come to it.
  case notYet
  /// There is no such question, or its execution has ended without it.
  case gone
}
